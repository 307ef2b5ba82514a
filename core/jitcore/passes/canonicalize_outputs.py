"""Canonical order of the results of ifs and loops: the order in which they are first read.

%a, %b = prim::If(%c)             %b, %a = prim::If(%c)
%1 = aten::neg(%b)          ->    %1 = aten::neg(%b)
%2 = aten::neg(%a)                %2 = aten::neg(%a)
"""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.rules import names, rule

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value

Use = tuple["Node", int]


class CanonicalizeOutputs(Pass):
    """Order what ifs and loops give by first use, so that equal programs have equal graphs.

    %a, %b = prim::If(%c) with %b read first    ->    %b, %a = prim::If(%c)
    """

    name: ClassVar[str] = "canonicalize-outputs"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Order the outputs of every `prim::If` and `prim::Loop`."""
        return canonicalize_outputs(graph.block)


def canonicalize_outputs(block: Block) -> bool:
    """Order the outputs of the control flow in `block`, the last node first: its uses decide."""
    changed = False
    for node in block.nodes_reversed():
        if (node.kind == "prim::If" or node.kind == "prim::Loop") and len(node.outputs) > 1:
            order = _order_of_first_use(node.outputs)
            if order != list(range(len(order))):
                reorder_results(node, order)
                changed = True
        for inner in node.blocks:
            changed |= canonicalize_outputs(inner)
    return changed


@rule
def reorder_results(node: Node, order: list[int]) -> None:
    """results of prim::If or prim::Loop in any order -> in the order of their first use"""
    with reorder_results.step(
        node.graph,
        lambda: f"what {node.kind} gives is first read in the order {names(node.outputs[i] for i in order)}",
        (node,),
    ):
        node.permute_outputs(order)
        if node.kind == "prim::If":
            for block in node.blocks:
                block.return_node.permute_inputs(order)
        else:
            body = node.blocks[0]
            node.permute_inputs([0, 1, *(index + 2 for index in order)])
            shifted = [0, *(index + 1 for index in order)]
            body.param_node.permute_outputs(shifted)
            body.return_node.permute_inputs(shifted)


def _order_of_first_use(values: list[Value]) -> list[int]:
    first = [_first_use(value) for value in values]

    def compare(i: int, j: int) -> int:
        a, b = first[i], first[j]
        if a is None or b is None:
            return i - j if a is b else (1 if a is None else -1)
        return -1 if _use_is_before(a, b) else 1

    return sorted(range(len(values)), key=cmp_to_key(compare))


def _first_use(value: Value) -> Use | None:
    first: Use | None = None
    for use in value.uses:
        if first is None or _use_is_before(use, first):
            first = use
    return first


def _use_is_before(a: Use, b: Use) -> bool:
    if a[0] is b[0]:
        return a[1] < b[1]
    return comes_before(a[0], b[0])


def comes_before(a: Node, b: Node) -> bool:
    """Whether `a` is printed before `b`: a node before its blocks, the first branch before the second."""
    above_a, above_b = _ancestors(a), _ancestors(b)
    for mine, theirs in zip(above_a, above_b, strict=False):
        if mine is theirs:
            continue
        if mine.block is theirs.block:
            return mine.is_before(theirs)
        owner = None if mine.block is None else mine.block.owner
        if owner is None:
            raise ValueError("nodes of different graphs have no order")
        return owner.blocks.index(mine.block) < owner.blocks.index(theirs.block)  # type: ignore[arg-type]
    return len(above_a) < len(above_b)


def _ancestors(node: Node) -> list[Node]:
    """The nodes around `node` from the outermost, and `node` itself."""
    found = [node]
    while node.block is not None and node.block.owner is not None:
        node = node.block.owner
        found.append(node)
    found.reverse()
    return found
