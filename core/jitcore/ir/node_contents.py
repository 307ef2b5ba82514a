"""Edits of the attributes and blocks of a node."""

# The class is a part of Node and stands in no other, so its `self` is a Node.
# pyright: reportGeneralTypeIssues=false

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir.node_outputs import NodeOutputs

if TYPE_CHECKING:
    from jitcore.ir.block import Block
    from jitcore.ir.node import Node


class NodeContents(NodeOutputs):
    """The attributes and blocks of a node."""

    __slots__ = ()

    def set_attribute(self: Node, name: str, value: object) -> Node:
        """Set an attribute; returns the node."""
        attributes = self.attributes
        journal = self.recording()
        if journal is not None:
            had, old = name in attributes, attributes.get(name)

            def undo() -> None:
                if had:
                    attributes[name] = old
                else:
                    del attributes[name]

            def redo() -> None:
                attributes[name] = value

            journal.record("attributes", self.id, undo, redo)
        attributes[name] = value
        return self

    def add_block(self: Node) -> Block:
        """Append an empty block."""
        from jitcore.ir.block import Block

        block = Block(self.graph, self)
        self.blocks.append(block)
        journal = self.recording()
        if journal is not None:
            index = len(self.blocks) - 1

            def undo() -> None:
                del self.blocks[index]

            def redo() -> None:
                self.blocks.insert(index, block)

            journal.record("blocks", self.id, undo, redo)
        return block

    def erase_block(self: Node, index: int) -> None:
        """Empty and remove block `index`."""
        block = self.blocks[index]
        block.destroy()
        del self.blocks[index]
        journal = self.recording()
        if journal is not None:

            def undo() -> None:
                self.blocks.insert(index, block)

            def redo() -> None:
                del self.blocks[index]

            journal.record("blocks", self.id, undo, redo)
