"""What a value flows into."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jitcore.ir import Graph, Node, Value


def downstream_of(graph: Graph, starts: Iterable[Node]) -> tuple[int, ...]:
    """The nodes that read, however far down, what `starts` give, in the order of the graph.

    A condition decides on all in its blocks, and a trip count on all turns.
    """
    reached: set[Node] = set()
    pending: list[Value] = [output for node in starts for output in node.outputs]
    seen = set(pending)

    def follow(values: Iterable[Value]) -> None:
        for value in values:
            if value not in seen:
                seen.add(value)
                pending.append(value)

    while pending:
        for node, index in pending.pop().uses:
            if node.kind == "prim::Return":
                owner = node.block.owner if node.block is not None else None
                if owner is None:
                    continue
                reached.add(owner)
                is_loop = owner.kind == "prim::Loop"
                offset = index - is_loop
                follow(owner.outputs[offset : offset + 1] if offset >= 0 else owner.outputs)
                if is_loop and offset >= 0:
                    follow(owner.blocks[0].inputs[index : index + 1])
                continue
            if node not in reached or node.blocks:
                reached.add(node)
                follow(_given(node, index))
                if node.blocks and (node.kind == "prim::If" or index < 2):
                    for block in node.blocks:
                        for inner in block.all_nodes():
                            reached.add(inner)
                            follow(inner.outputs)
    return tuple(node.id for node in graph.all_nodes() if node in reached)


def _given(node: Node, index: int) -> list[Value]:
    """The values that an input of a node flows into."""
    if node.kind != "prim::Loop" or index < 2:
        return node.outputs
    return [node.outputs[index - 2], node.blocks[0].inputs[index - 1]]


def nodes_reading(graph: Graph, differing: set[int], known: set[int]) -> set[int]:
    """The ids of nodes that read what `differing` nodes gave, directly or through nodes that are not `known`.

    What a loop carries from turn to turn is not gone back for: it differs where the body made it so.
    """
    tainted: set[Value] = set()
    found: set[int] = set()
    for node in graph.block.nodes_inside_out():
        reads = any(_is_tainted(value, tainted) for value in node.inputs)
        given = any(value in tainted for block in node.blocks for value in block.outputs)
        if reads:
            found.add(node.id)
        if node.id in differing or ((reads or given) and node.id not in known):
            tainted.update(node.outputs)
    return found


def _is_tainted(value: Value, tainted: set[Value]) -> bool:
    """Whether a value, or what a loop begins with that it stands for, is one of `tainted`."""
    while value not in tainted:
        node = value.node
        owner = node.block.owner if node.kind == "prim::Param" and node.block is not None else None
        if owner is None or value.offset == 0:
            return False
        value = owner.inputs[value.offset + 1]
    return True
