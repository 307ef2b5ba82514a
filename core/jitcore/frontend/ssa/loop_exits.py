"""`break` and `continue` become jumps to the end of the body, with the values that are carried there.

= prim::BreakStmt()       ->    = prim::LoopContinuation(%false, %i)
= prim::ContinueStmt()    ->    %c = lt(%i, %n)  = prim::LoopContinuation(%c, %i)
"""

from __future__ import annotations

from jitcore.frontend.ssa.loop_conditions import move_nodes_before
from jitcore.ir import Block, Node, Value
from jitcore.types import BOOL


def resolve_loop_exits(block: Block) -> None:
    """Resolve the breaks and continues of a graph or closure."""
    graph = block.graph
    first = block.param_node.next
    assert first is not None
    with graph.inserting_before(first):
        false = graph.insert_constant(False, BOOL)
    _resolve(block, false, None)


def _resolve(block: Block, false: Value, loop: Node | None) -> None:
    for node in block.nodes():
        kind = node.kind
        if kind == "prim::If":
            for branch in node.blocks:
                _resolve(branch, false, loop)
        elif kind == "prim::Loop":
            _resolve(node.blocks[0], false, node)
        elif kind == "prim::Closure":
            resolve_loop_exits(node.blocks[0])
        elif kind in ("prim::BreakStmt", "prim::ContinueStmt"):
            assert loop is not None
            _replace(node, false, loop)


def _replace(node: Node, false: Value, loop: Node) -> None:
    graph = node.graph
    jump = graph.create("prim::LoopContinuation", (), 0).insert_after(node)
    if node.kind == "prim::BreakStmt":
        jump.add_input(false)
    else:
        condition = jump.add_block()
        condition.clone_from(loop.blocks[1], lambda value: value)
        move_nodes_before(node, condition)
        jump.add_input(condition.outputs[0])
        jump.erase_block(0)
    with graph.inserting_before(jump):
        for value in loop.blocks[0].return_node.inputs:
            load = graph.insert(graph.create_clone(value.node, lambda v: v))
            jump.add_input(load.outputs[0])
    node.destroy()
