"""Refuses graphs in which what stands under `torch.jit.strict_fusion` was neither fused nor differentiated.

As torch/csrc/jit/passes/check_strict_fusion.cpp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ops.lookup import schema_of
from jitcore.ops.schema_text import schema_text
from jitcore.printing.graph_text import node_with_blocks_text
from jitcore.source.ranges import error_at
from jitcore.types import ClassType

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node

_CLASS: Final = "__torch__.torch.jit.strict_fusion"
_GUARDS: Final = frozenset(("prim::TensorExprDynamicGuard", "prim::TypeCheck", "prim::RequiresGradCheck"))


def check_strict_fusion(graph: Graph) -> None:
    """Raises `SourceError` naming the operators that stand by themselves where all were to be fused."""
    for node in graph.all_nodes():
        if node.kind == "prim::Enter" and _is_strict(node):
            _check_between(node)


def _is_strict(node: Node) -> bool:
    kind = node.inputs[0].type
    return isinstance(kind, ClassType) and kind.qualified_name == _CLASS


def _check_between(enter: Node) -> None:
    guards: list[Node] = []
    others: list[Node] = []
    node = enter.next
    while node is not None and node.kind != "prim::Exit":
        is_guard = node.kind == "prim::If" and node.inputs[0].node.kind in _GUARDS
        (guards if is_guard else others).append(node)
        node = node.next
    where = enter.inputs[0].node.source_range
    if len(guards) > 1:
        texts = "".join(f"{node_with_blocks_text(guard)}\n\n" for guard in guards)
        raise error_at(where, f"Found multiple fusions: \n{texts}")
    needed = _needed_by(guards[0], enter) if guards else frozenset()
    left = [node for node in others if node not in needed]
    if left:
        lines = "".join(f"\t{_named(node)}\n" for node in left)
        raise error_at(where, f"Found unfused operators: \n{lines}")


def _needed_by(guard: Node, enter: Node) -> set[Node]:
    """What the guard reads, directly or not, up to the tensors that it looks at."""
    found: set[Node] = set()
    waiting = [guard]
    while waiting:
        node = waiting.pop()
        found.add(node)
        if node.kind in _GUARDS:
            continue
        waiting += [
            value.node
            for value in node.inputs
            if value.node.block is enter.block and not value.node.is_before(enter) and value.node not in found
        ]
    return found


def _named(node: Node) -> str:
    """The schema of an operator; torch says nothing of nodes that have none."""
    schema = schema_of(node)
    return "" if schema is None else schema_text(schema)
