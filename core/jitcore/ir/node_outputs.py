"""Edits of what a node gives."""

# The class is a part of Node and stands in no other, so its `self` is a Node.
# pyright: reportGeneralTypeIssues=false

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir.node_inputs import NodeInputs, inverse
from jitcore.ir.value import Value
from jitcore.types import TENSOR, Type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir.node import Node


class NodeOutputs(NodeInputs):
    """The outputs of a node: every edit keeps their places right."""

    __slots__ = ()

    def add_output(self: Node, type: Type = TENSOR) -> Value:
        """Append an output with a fresh unique number."""
        return self.insert_output(len(self.outputs)).set_type(type)

    def insert_output(self: Node, index: int) -> Value:
        """Insert an output before the one at `index`."""
        value = Value(self, index, self.graph.take_unique())
        self._raw_insert_output(index, value)
        journal = self.recording()
        if journal is not None:
            journal.record(
                "outputs",
                self.id,
                lambda: self._raw_erase_output(index),
                lambda: self._raw_insert_output(index, value),
            )
        return value

    def erase_output(self: Node, index: int) -> None:
        """Remove an output that nobody reads."""
        value = self.outputs[index]
        if value.use_map:
            raise ValueError(f"%{value.name} is still used and cannot be erased")
        if value.debug_name is not None:
            value.assign_name(None)
        self._raw_erase_output(index)
        journal = self.recording()
        if journal is not None:
            journal.record(
                "outputs",
                self.id,
                lambda: self._raw_insert_output(index, value),
                lambda: self._raw_erase_output(index),
            )

    def permute_outputs(self: Node, order: Sequence[int]) -> None:
        """Reorder the outputs: place i gets what stood at place `order[i]`."""
        self._raw_permute_outputs(order)
        journal = self.graph.journal
        if journal is not None:
            back = inverse(order)
            journal.record(
                "outputs",
                self.id,
                lambda: self._raw_permute_outputs(back),
                lambda: self._raw_permute_outputs(order),
            )

    def _raw_permute_outputs(self: Node, order: Sequence[int]) -> None:
        old = list(self.outputs)
        for index, place in enumerate(order):
            self.outputs[index] = old[place]
            old[place].offset = index

    def _raw_insert_output(self: Node, index: int, value: Value) -> None:
        self.outputs.insert(index, value)
        for offset in range(index, len(self.outputs)):
            self.outputs[offset].offset = offset

    def _raw_erase_output(self: Node, index: int) -> None:
        del self.outputs[index]
        for offset in range(index, len(self.outputs)):
            self.outputs[offset].offset = offset
