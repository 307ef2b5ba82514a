"""Finds after which node each value is dead, so that a run keeps nothing longer than it must."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value


class LastUses:
    """Last uses of the values of one graph.

    `dead_after[node]` are the values that nobody reads once `node` is done: those whose last use it
    is, in its own inputs or inside its blocks, and those of its outputs that nobody reads at all.
    Results of blocks and constants are never among them. `read_inside[node]` are the values from
    outside that the blocks of `node` read, in the order in which they are met.
    """

    def __init__(self, graph: Graph) -> None:
        self.dead_after: dict[Node, list[Value]] = {}
        self.read_inside: dict[Node, dict[Value, None]] = {}
        self._visit(graph.block)

    def _visit(self, block: Block) -> dict[Value, None]:
        """Record the last uses in `block`; gives the values from outside that it reads."""
        last: dict[Value, Node] = {}
        own: set[Value] = set(block.inputs)
        outside: dict[Value, None] = {}
        for node in block.nodes():
            reads = dict.fromkeys(node.inputs)
            if node.blocks:
                inside: dict[Value, None] = {}
                for nested in node.blocks:
                    inside |= self._visit(nested)
                self.read_inside[node] = inside
                reads |= inside
            for value in reads:
                if value in own:
                    last[value] = node
                else:
                    outside[value] = None
            own.update(node.outputs)
            if not node.is_constant:
                last.update(dict.fromkeys(node.outputs, node))
        for value in block.outputs:
            last.pop(value, None)
            if value not in own:
                outside[value] = None
        for value, node in last.items():
            if not value.node.is_constant:
                self.dead_after.setdefault(node, []).append(value)
        return outside
