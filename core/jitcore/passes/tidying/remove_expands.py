"""Removes expansions that torch made by itself, when it broadcast the inputs of an operator.

%1 : Tensor = aten::expand(%x, %size, %true)
%2 : Tensor = aten::add(%1, %y, %one)              ->    %2 : Tensor = aten::add(%x, %y, %one)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import constant_bool
from jitcore.passes.rules import rule

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node


class RemoveExpands(Pass):
    """Drop `aten::expand` where it is marked as implicit: the operators that read it broadcast anyway.

    %1 : Tensor = aten::expand(%x, %size, %true)    ->    %x
    """

    name: ClassVar[str] = "remove-expands"
    counterpart: ClassVar[str] = "_jit_pass_remove_expands"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Drop the implicit expansions of all blocks."""
        return remove_expands(graph)


def remove_expands(graph: Graph) -> bool:
    """Drop the implicit expansions of all blocks; says whether there were any."""
    return _remove_in(graph.block)


def _remove_in(block: Block) -> bool:
    changed = False
    for node in block.nodes():
        for inner in node.blocks:
            changed |= _remove_in(inner)
        if node.kind == "aten::expand" and len(node.inputs) == 3 and constant_bool(node.inputs[2]):
            drop_implicit_expand(node)
            changed = True
    return changed


@rule
def drop_implicit_expand(node: Node) -> None:
    """aten::expand(x, size, implicit=True) -> x"""
    with drop_implicit_expand.step(
        node.graph,
        lambda: f"%{node.output.name} is an expansion that broadcasting made, and its readers broadcast too",
        (node,),
    ):
        node.output.replace_all_uses_with(node.inputs[0])
        node.destroy()
