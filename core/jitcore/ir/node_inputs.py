"""Edits of what a node reads."""

# The class is a part of Node and stands in no other, so its `self` is a Node.
# pyright: reportGeneralTypeIssues=false

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir.node_state import NodeState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir.node import Node
    from jitcore.ir.value import Value


def inverse(order: Sequence[int]) -> list[int]:
    """The order that takes `order` back."""
    back = [0] * len(order)
    for index, place in enumerate(order):
        back[place] = index
    return back


class NodeInputs(NodeState):
    """The inputs of a node: every edit keeps the uses of the values right."""

    __slots__ = ()

    def add_input(self: Node, value: Value) -> Value:
        """Append an input."""
        index = len(self.inputs)
        self.cached_schema = None
        self.inputs.append(value)
        value.use_map[(self, index)] = None
        journal = self.recording()
        if journal is not None:
            journal.record(
                "inputs",
                self.id,
                lambda: self._raw_remove_input(index),
                lambda: self._raw_insert_input(index, value),
            )
        return value

    def insert_input(self: Node, index: int, value: Value) -> Value:
        """Insert an input before the one at `index`."""
        self._raw_insert_input(index, value)
        journal = self.recording()
        if journal is not None:
            journal.record(
                "inputs",
                self.id,
                lambda: self._raw_remove_input(index),
                lambda: self._raw_insert_input(index, value),
            )
        return value

    def replace_input(self: Node, index: int, value: Value) -> Value:
        """Read `value` as input `index`; returns what was read before."""
        old = self._raw_replace_input(index, value)
        journal = self.recording()
        if journal is not None and old is not value:
            journal.record(
                "inputs",
                self.id,
                lambda: self._discard(self._raw_replace_input(index, old)),
                lambda: self._discard(self._raw_replace_input(index, value)),
            )
        return old

    def remove_input(self: Node, index: int) -> None:
        """Drop input `index`."""
        value = self.inputs[index]
        self._raw_remove_input(index)
        journal = self.recording()
        if journal is not None:
            journal.record(
                "inputs",
                self.id,
                lambda: self._raw_insert_input(index, value),
                lambda: self._raw_remove_input(index),
            )

    def permute_inputs(self: Node, order: Sequence[int]) -> None:
        """Reorder the inputs: place i gets what stood at place `order[i]`."""
        self._raw_permute_inputs(order)
        journal = self.graph.journal
        if journal is not None:
            back = inverse(order)
            journal.record(
                "inputs",
                self.id,
                lambda: self._raw_permute_inputs(back),
                lambda: self._raw_permute_inputs(order),
            )

    def _raw_permute_inputs(self: Node, order: Sequence[int]) -> None:
        old = list(self.inputs)
        for index, value in enumerate(old):
            del value.use_map[(self, index)]
        for index, place in enumerate(order):
            self.inputs[index] = old[place]
            old[place].use_map[(self, index)] = None

    def remove_all_inputs(self: Node) -> None:
        """Drop every input."""
        for index in range(len(self.inputs) - 1, -1, -1):
            self.remove_input(index)

    @staticmethod
    def _discard(_value: Value) -> None:
        """Turn a call that gives a value into one that gives None."""

    def _raw_replace_input(self: Node, index: int, value: Value) -> Value:
        old = self.inputs[index]
        self.cached_schema = None
        use = (self, index)
        del old.use_map[use]
        self.inputs[index] = value
        value.use_map[use] = None
        return old

    def _raw_insert_input(self: Node, index: int, value: Value) -> None:
        self.cached_schema = None
        inputs = self.inputs
        for moved in range(len(inputs) - 1, index - 1, -1):
            uses = inputs[moved].use_map
            del uses[(self, moved)]
            uses[(self, moved + 1)] = None
        inputs.insert(index, value)
        value.use_map[(self, index)] = None

    def _raw_remove_input(self: Node, index: int) -> None:
        self.cached_schema = None
        inputs = self.inputs
        del inputs[index].use_map[(self, index)]
        for moved in range(index + 1, len(inputs)):
            uses = inputs[moved].use_map
            del uses[(self, moved)]
            uses[(self, moved - 1)] = None
        del inputs[index]
