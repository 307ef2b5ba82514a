"""Finds after which node each value is dead, so that a run keeps nothing longer than it must."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.types import BOOL, DEVICE, FLOAT, INT, NONE, STRING, ClassType

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value
    from jitcore.types import Type

# Holding on to these costs less than letting them go.
_WEIGHTLESS = frozenset({INT, FLOAT, BOOL, NONE, STRING, DEVICE})


class LastUses:
    """Last uses of the values of one graph.

    `dead_after[node]` are the values that nobody reads once `node` is done: those whose last use it
    is, in its own inputs or inside its blocks, and those of its outputs that nobody reads at all.
    Results of blocks and constants are never among them. `read_inside[node]` are the values from
    outside that the blocks of `node` read.
    """

    def __init__(self, graph: Graph) -> None:
        self.dead_after: dict[Node, list[Value]] = {}
        self.read_inside: dict[Node, set[Value]] = {}
        self._visit(graph.block)

    def _visit(self, block: Block) -> set[Value]:
        """Record the last uses in `block`; gives the values from outside that it reads."""
        last: dict[Value, Node] = {}
        own: set[Value] = set(block.inputs)
        outside: set[Value] = set()
        for node in block.nodes():
            reads = set(node.inputs)
            if node.blocks:
                inside: set[Value] = set()
                for nested in node.blocks:
                    inside |= self._visit(nested)
                self.read_inside[node] = inside
                reads |= inside
            for value in reads:
                if value in own:
                    last[value] = node
                else:
                    outside.add(value)
            if not node.is_constant:
                for value in node.outputs:
                    own.add(value)
                    last[value] = node
            else:
                own.add(node.outputs[0])
        for value in block.outputs:
            last.pop(value, None)
            if value not in own:
                outside.add(value)
        for value, node in last.items():
            if not value.node.is_constant and not _is_weightless(value.type):
                self.dead_after.setdefault(node, []).append(value)
        return outside


def _is_weightless(t: Type) -> bool:
    # A module is held by the module around it anyway.
    return t in _WEIGHTLESS or (isinstance(t, ClassType) and t.is_module)
