"""A value of the IR: the result of a node, or an input of a block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.types import TENSOR, TensorType, Type

if TYPE_CHECKING:
    from jitcore.ir.graph import Graph
    from jitcore.ir.node import Node


class Value:
    """An SSA value.

    `unique` numbers the value in its graph, `debug_name` (may be None) is its readable name,
    `uses` are the (node, input index) pairs that read it, in the order in which they came.
    """

    __slots__ = ("debug_name", "node", "offset", "type", "unique", "use_map")

    def __init__(self, node: Node, offset: int, unique: int, type: Type = TENSOR) -> None:
        self.node = node
        self.offset = offset
        self.unique = unique
        self.type = type
        self.debug_name: str | None = None
        self.use_map: dict[tuple[Node, int], None] = {}

    @property
    def name(self) -> str:
        """The debug name, or the unique number as text."""
        return self.debug_name or str(self.unique)

    @property
    def graph(self) -> Graph:
        """The graph this value belongs to."""
        return self.node.graph

    @property
    def uses(self) -> list[tuple[Node, int]]:
        """A snapshot of the uses, oldest first."""
        return list(self.use_map)

    @property
    def use_count(self) -> int:
        """How many inputs read this value."""
        return len(self.use_map)

    def has_uses(self) -> bool:
        """Whether anything reads this value."""
        return bool(self.use_map)

    def set_type(self, type: Type) -> Value:
        """Change the type; returns the value."""
        old = self.type
        if old is type:
            return self
        self._put_type(type)
        if self.node.graph.journal is not None:
            self.node.record("type", lambda: self._put_type(old), lambda: self._put_type(type))
        return self

    def _put_type(self, type: Type) -> None:
        # What is known of a tensor decides no overload.
        if not (isinstance(type, TensorType) and isinstance(self.type, TensorType)):
            for reader, _ in self.use_map:
                reader.cached_schema = None
        self.type = type

    def set_debug_name(self, name: str) -> Value:
        """Give the value a readable name; another owner of the name is renamed `name.N`. "" clears it."""
        if name.isascii() and name.isdigit():
            raise ValueError(f"a value cannot be named {name!r}: a plain number is a unique id")
        graph = self.node.graph
        if graph.journal is None:
            self._name_unrecorded(name, graph)
            return self
        if self.debug_name is not None:
            self.assign_name(None)
        if not name:
            return self
        owner = graph.names.get(name)
        if owner is not None:
            owner.assign_name(None)
            self.assign_name(name)
            owner.assign_name(graph.free_name(name))
        else:
            self.assign_name(name)
        return self

    def _name_unrecorded(self, name: str, graph: Graph) -> None:
        """What `set_debug_name` does, in one go: lowering names each value several times."""
        names = graph.names
        old = self.debug_name
        if old is not None and names.get(old) is self:
            del names[old]
        if not name:
            self.debug_name = None
            return
        owner = names.get(name)
        names[name] = self
        self.debug_name = name
        if owner is not None:
            moved = graph.free_name(name)
            owner.debug_name = moved
            names[moved] = owner

    def assign_name(self, name: str | None) -> None:
        """Set or clear the name whoever owns it; `set_debug_name` is what others call."""
        old = self.debug_name
        self._put_name(name)
        if self.node.graph.journal is not None:
            self.node.record("name", lambda: self._put_name(old), lambda: self._put_name(name))

    def _put_name(self, name: str | None) -> None:
        names = self.node.graph.names
        if self.debug_name is not None and names.get(self.debug_name) is self:
            del names[self.debug_name]
        self.debug_name = name
        if name is not None:
            names[name] = self

    def copy_metadata(self, other: Value) -> Value:
        """Take over type and debug name of `other` (which may be in another graph)."""
        self.set_type(other.type)
        if other.debug_name is not None:
            self.set_debug_name(other.debug_name)
        return self

    def replace_all_uses_with(self, other: Value) -> None:
        """Make every reader of this value read `other`."""
        if other is self:
            return
        if self.node.graph.journal is None:
            self._give_readers_to(other)
            return
        for node, index in list(self.use_map):
            node.replace_input(index, other)

    def _give_readers_to(self, other: Value) -> None:
        """What `replace_all_uses_with` does where nothing is recorded."""
        is_same_type = other.type is self.type
        for use in self.use_map:
            node, index = use
            node.inputs[index] = other
            if not is_same_type:
                node.cached_schema = None
        other.use_map.update(self.use_map)
        self.use_map = {}

    def __repr__(self) -> str:
        return f"%{self.name} : {self.type}"
