"""Where a node stands in the list of its block."""

# The class is a part of Node and stands in no other, so its `self` is a Node.
# pyright: reportGeneralTypeIssues=false

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir.node_contents import NodeContents

if TYPE_CHECKING:
    from jitcore.ir.node import Node

# Gap between neighbours of a run of inserted nodes, and the room from which on a run is expected.
_STEP = 1 << 12
_RUN = 1 << 20


class NodePlacement(NodeContents):
    """Inserting, moving and removing a node, and its place among the others."""

    __slots__ = ()

    def insert_before(self: Node, other: Node) -> Node:
        """Put this free node before `other`."""
        previous = other.prev
        if previous is None:
            raise ValueError("nothing can stand before the parameters of a block")
        return self.insert_after(previous)

    def insert_after(self: Node, other: Node) -> Node:
        """Put this free node after `other`."""
        if self.block is not None:
            raise ValueError(f"{self.kind} is already in a block")
        self.link_after(other)
        journal = self.recording()
        if journal is not None:
            journal.record("insert", self.id, self._leave, lambda: self._enter(other))
        return self

    def move_before(self: Node, other: Node) -> None:
        """Take this node out of its place and put it before `other`."""
        self._detach()
        self.insert_before(other)

    def move_after(self: Node, other: Node) -> None:
        """Take this node out of its place and put it after `other`."""
        self._detach()
        self.insert_after(other)

    def destroy(self: Node) -> None:
        """Remove the node for good: its outputs must be unread; what it and its blocks read is released."""
        for output in self.outputs:
            if output.use_map:
                raise ValueError(f"%{output.name} is still used; {self.kind} cannot be removed")
        previous = self.prev
        if previous is None:
            self._release()
            return
        journal = self.recording()
        self._leave()
        if journal is not None:
            journal.record("remove", self.id, lambda: self._enter(previous), self._leave)

    def _detach(self: Node) -> None:
        previous = self.prev
        if previous is None:
            raise ValueError(f"{self.kind} is not in a block")
        journal = self.recording()
        self._unlink()
        if journal is not None:
            journal.record("remove", self.id, lambda: self._enter(previous), self._leave)

    def _leave(self: Node) -> None:
        self._unlink()
        self._release()

    def _enter(self: Node, other: Node) -> None:
        self.link_after(other)
        self._acquire()

    def _release(self: Node) -> None:
        """Withdraw the uses and names of this node and of everything in its blocks."""
        for index, value in enumerate(self.inputs):
            del value.use_map[(self, index)]
        for value in self.outputs:
            if value.debug_name is not None:
                self.graph.names.pop(value.debug_name, None)
        for block in self.blocks:
            block.param_node._release()
            for node in block.nodes():
                node._release()
            block.return_node._release()

    def _acquire(self: Node) -> None:
        """Put back what `_release` withdrew."""
        for index, value in enumerate(self.inputs):
            value.use_map[(self, index)] = None
        for value in self.outputs:
            if value.debug_name is not None:
                self.graph.names[value.debug_name] = value
        for block in self.blocks:
            block.param_node._acquire()
            for node in block.nodes():
                node._acquire()
            block.return_node._acquire()

    def link_after(self: Node, other: Node) -> None:
        """Put this node after `other` without noting it in the journal; see `insert_after`."""
        block, following = other.block, other.next
        if block is None or following is None:
            raise ValueError("a node can only be put after a node that is in a block")
        self.block = block
        self.prev = other
        self.next = following
        other.next = self
        following.prev = self
        low, high = other._position, following._position
        if following.next is None and high - low > (1 << 42):
            # Appending is the common case: leave room for many more.
            self._position = low + (1 << 32)
        elif high - low > _RUN:
            # Whole runs of nodes go in one place: at the beginning backwards, elsewhere forwards.
            self._position = high - _STEP if other.prev is None else low + _STEP
        elif high - low > 1:
            self._position = (low + high) // 2
        else:
            block.renumber_around(self)

    def _unlink(self: Node) -> None:
        previous, following = self.prev, self.next
        if previous is None or following is None:
            raise ValueError(f"{self.kind} is not in a block")
        previous.next = following
        following.prev = previous
        self.block = None
        self.prev = None
        self.next = None

    @property
    def position(self: Node) -> int:
        """A number that grows along the block; it changes when places are spread anew."""
        return self._position

    def place_at(self: Node, position: int) -> None:
        """Set the topological position; only a block does this."""
        self._position = position
