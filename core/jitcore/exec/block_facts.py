"""What is to be known of blocks before lines are written for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.types import ClassType

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Value


def is_made_in(value: Value, block: Block) -> bool:
    """Whether a node of the block computes the value when it runs."""
    node = value.node
    return node.block is block and node is not block.param_node and not node.is_constant


def reads_of(block: Block) -> list[Value]:
    """The values that a block reads and does not make, its inputs first."""
    read = dict.fromkeys(block.inputs)
    made: set[Value] = set()
    pending = [block]
    while pending:
        each = pending.pop()
        if each is not block:
            made.update(each.inputs)
        for node in each.nodes():
            read.update(dict.fromkeys(node.inputs))
            made.update(node.outputs)
            pending.extend(node.blocks)
        read.update(dict.fromkeys(each.outputs))
    return [value for value in read if value not in made]


def objects_in_loops(graph: Graph) -> list[Value]:
    """The modules given to a graph whose attributes are read or written in its loops."""
    return [
        value
        for value in graph.inputs
        if isinstance(value.type, ClassType)
        and value.type.is_module
        and any(
            user.kind in ("prim::GetAttr", "prim::SetAttr") and user.block is not graph.block
            for user, _ in value.uses
        )
    ]


def has_contexts(block: Block) -> bool:
    """Whether context managers are entered in the block, or in one inside of it."""
    return any(
        node.kind == "prim::Enter" or any(has_contexts(each) for each in node.blocks)
        for node in block.nodes()
    )
