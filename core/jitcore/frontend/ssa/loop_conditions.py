"""The condition block of a loop is put before the loop and at the end of its body.

= prim::Loop(%max)                       %c0 = lt(...)
  block0(%trip): body              ->    = prim::Loop(%max, %c0)
  block1(): %c = lt(...) -> (%c)           block0(%trip): body; %c1 = lt(...) -> (%c1)
"""

from __future__ import annotations

from jitcore.ir import Block, Node


def inline_loop_conditions(block: Block) -> None:
    """Inline the conditions of all loops, inner ones first."""
    for node in block.nodes():
        for inner in node.blocks:
            inline_loop_conditions(inner)
        if node.kind == "prim::Loop":
            _inline(node)


def move_nodes_before(node: Node, block: Block) -> None:
    """Move the nodes of a block in order before a node."""
    for moved in list(block.nodes()):
        moved.move_before(node)


def _inline(node: Node) -> None:
    body, condition = node.blocks
    before = node.add_block()
    before.clone_from(condition, lambda value: value)
    move_nodes_before(node, before)
    node.insert_input(1, before.outputs[0])
    node.erase_block(2)
    move_nodes_before(body.return_node, condition)
    body.return_node.insert_input(0, condition.outputs[0])
    node.erase_block(1)
