"""Reads of variables whose value is known already, without a node for each.

TorchScript emits a load for every read and removes them all later. Where a variable was stored in
the same block, and nothing inside a nested block has assigned it since, the load can only give that
value. It is then a bare value that numbers and names itself as the load's result would, and stands
aside for the stored value before the other loads are erased.
"""

from __future__ import annotations

from jitcore.ir import Block, Graph, Node, Value
from jitcore.types import Type


class KnownReads:
    """The reads of one function that were answered without a load node.

    While `enabled` is False every read and store is a node: the condition of a loop is copied to
    where the loop begins and ends, which only nodes survive.
    """

    __slots__ = ("_forwarded", "_graph", "_nodes", "_stored", "enabled")

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._nodes: dict[Block, Node] = {}
        self._stored: dict[Value, Value] = {}
        self._forwarded: dict[Value, Value] = {}
        self.enabled = True

    def read(self, block: Block, name: str, kind: Type, stored: Value, is_meaningful: bool) -> Value:
        """A read of the variable `name` of type `kind`, which holds `stored`, in `block`."""
        node = self._nodes.get(block)
        if node is None:
            node = self._nodes[block] = Node(self._graph, "prim::Load")
            node.block = block
        graph = self._graph
        value = Value(node, 0, graph.next_unique, kind)
        graph.next_unique += 1
        self._stored[value] = self._stored.get(stored, stored)
        if is_meaningful:
            value.set_debug_name(name)
        return value

    def forward(self, old: Value, new: Value) -> None:
        """Another value took the place of one that may be stored in variables."""
        self._forwarded[old] = new

    def resolve(self) -> None:
        """Put the stored values in the place of the reads; their names become free."""
        for value, stored in self._stored.items():
            if value.use_map:
                value.replace_all_uses_with(self._forwarded.get(stored, stored))
            if value.debug_name is not None:
                value.assign_name(None)
        self._stored.clear()
