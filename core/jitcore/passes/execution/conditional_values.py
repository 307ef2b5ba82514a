"""Turns ifs that only choose between two values into operators, which need no blocks.

%3 = prim::If(%c)
  block0(): -> (%a)            ->    %3 = prim::IfThenElse(%c, %a, %b)
  block1(): -> (%b)

As torch/csrc/jit/passes/add_if_then_else.cpp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import made_from
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.rules import rule

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node


class ChooseWithoutBlocks(Pass):
    """Choose between two values by an operator, where the branches of an if do nothing else.

    %3 = prim::If(%c), with empty blocks    ->    %3 = prim::IfThenElse(%c, %a, %b)
    """

    name: ClassVar[str] = "choose-without-blocks"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Rewrite all blocks."""
        return choose_without_blocks(graph)


def choose_without_blocks(graph: Graph) -> bool:
    """Replace the ifs with one result whose branches are empty; says whether there were any."""
    found = [node for node in graph.all_nodes() if _only_chooses(node)]
    for node in found:
        choose_value(node)
    return bool(found)


def _only_chooses(node: Node) -> bool:
    if node.kind != "prim::If" or len(node.outputs) != 1:
        return False
    return all(block.param_node.next is block.return_node for block in node.blocks)


@rule
def choose_value(node: Node) -> None:
    """if c: a else: b -> prim::IfThenElse(c, a, b)"""
    graph = node.graph
    with choose_value.step(
        graph, lambda: f"both branches of the if that gives %{node.output.name} only name a value", (node,)
    ):
        chosen = [block.outputs[0] for block in node.blocks]
        made = graph.create("prim::IfThenElse", (node.inputs[0], *chosen))
        made.set_provenance(made_from(node))
        made.insert_before(node)
        made.output.copy_metadata(node.output)
        node.output.replace_all_uses_with(made.output)
        node.destroy()
