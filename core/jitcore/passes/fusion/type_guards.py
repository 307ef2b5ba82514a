"""Puts a group behind a check of the tensors that it is given, with the graph that runs where it fails.

%y = prim::TensorExprGroup_0(%x)    ->    %x2, %fits = prim::TypeCheck[types=[Float(3, 4)]](%x)
                                          %y = prim::If(%fits)
                                            block0(): -> (prim::TensorExprGroup_0(%x2))
                                            block1(): -> (prim::FallbackGraph_1(%x))

As insertTypeGuard of libtorch (torch/csrc/jit/passes/tensorexpr_fuser.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ir import Graph, made_from
from jitcore.passes.execution.profile_nodes import forget_specializations, remove_profile_nodes
from jitcore.passes.functional_graphs.merging import subgraph_of
from jitcore.passes.rules import names, rule
from jitcore.types import BOOL, TensorType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.ir import Block, Node, Value
    from jitcore.types import Type

TYPE_CHECK: Final = "prim::TypeCheck"
FALLBACK: Final = "prim::FallbackGraph"
TYPES: Final = "types"
GUARDS: Final = frozenset((TYPE_CHECK, "prim::TensorExprDynamicGuard", "prim::RequiresGradCheck"))

_KNOWN_ANYWAY: Final = frozenset(("prim::Constant", "prim::FusionGroup"))


@rule
def guard_group(group: Node, kind: str, wanted: Callable[[TensorType], Type]) -> None:
    """y = Group(x) -> y = Group(x) if TypeCheck(x) else FallbackGraph(x)"""
    checked: list[Value] = []
    types: list[Type] = []
    for value in group.inputs:
        if isinstance(value.type, TensorType) and value.node.kind not in _KNOWN_ANYWAY:
            checked.append(value)
            types.append(wanted(value.type))
    if not checked:
        return
    graph = group.graph
    with guard_group.step(
        graph, lambda: f"the group was made for what {names(checked)} were when it was profiled", (group,)
    ):
        check = graph.create(kind, checked, len(checked) + 1)
        check.set_provenance(made_from(group))
        check.insert_before(group)
        check.set_attribute(TYPES, types)
        refined = dict(zip(checked, check.outputs, strict=False))
        check.outputs[-1].set_type(BOOL)
        for value, output in zip(checked, check.outputs, strict=False):
            output.set_type(value.type)
        choose(group, check)
        for place, value in enumerate(group.inputs):
            if value in refined:
                group.replace_input(place, refined[value])


def choose(group: Node, check: Node) -> Node:
    """An if behind the check, whose last result chooses between the group and a fallback; gives it.

    Part of a rewrite of whoever calls.
    """
    graph = group.graph
    chosen = graph.create("prim::If", (check.outputs[-1],), len(group.outputs))
    chosen.set_provenance(made_from(group))
    chosen.insert_after(check)
    for output, given in zip(chosen.outputs, group.outputs, strict=True):
        output.set_type(given.type)
        given.replace_all_uses_with(output)
    then, other = chosen.add_block(), chosen.add_block()
    with graph.inserting_at_end(other):
        results, _ = graph.insert_graph(subgraph_of(group), list(group.inputs))
    for value in results:
        other.register_output(value)
    forget_specializations(other)
    fall_back(other, group.inputs)
    group.move_before(then.return_node)
    for output in group.outputs:
        then.register_output(output)
    return chosen


def fall_back(block: Block, inputs: Sequence[Value]) -> None:
    """Move the nodes of a block into a graph of their own, which one node of it runs."""
    graph = block.graph
    inside = Graph()
    inner = {value: inside.add_input() for value in dict.fromkeys(inputs)}
    inside.block.clone_from(block, inner.__getitem__)
    fallback = graph.create(FALLBACK, list(inner), len(block.outputs))
    fallback.attributes["Subgraph"] = inside
    block.prepend(fallback)
    for value, given in inner.items():
        given.copy_metadata(value)
    for place, (output, value) in enumerate(zip(fallback.outputs, list(block.outputs), strict=True)):
        output.copy_metadata(value)
        block.replace_output(place, output)
    remove_profile_nodes(inside.block)
    for node in list(block.nodes_reversed()):
        if node is not fallback:
            node.destroy()
