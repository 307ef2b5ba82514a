"""The alias database of a graph: what may share memory, and what is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes.alias_analysis.analyzer import Analyzer
from jitcore.passes.alias_analysis.memory import NO_LOCATIONS
from jitcore.passes.alias_analysis.moves import try_move

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jitcore.ir import Graph, Node, Value
    from jitcore.passes.alias_analysis.memory import Element, Locations


class AliasDb:
    """Answers questions about the memory of a graph's values, as of the moment it was made.

    Edits made afterwards are not seen, except for what a pass tells it. Making one walks the graph once;
    memory is compared only when somebody asks. Tells apart what libtorch's analysis tells apart: everything
    that came from outside, or went into a container or an attribute, is one unknown object per type (a
    wildcard). With `is_frozen` attributes of modules are each an object of its own, as while a module is
    frozen, where what they share is known. `bars` are the nodes at which moves of others ended last.
    """

    def __init__(self, graph: Graph, is_frozen: bool = False) -> None:
        self.graph = graph
        self.bars: dict[Node, Node] = {}
        self._analysis = Analyzer(graph, is_frozen)
        self._memory = self._analysis.memory
        self._writes = self._analysis.writes
        self._resolved = self._writes.is_empty

    def _resolve(self) -> None:
        if not self._resolved:
            self._resolved = True
            self._writes.resolve(self._memory, self._analysis.wildcards.values())

    def _element(self, value: Value) -> Element | None:
        return self._analysis.element(value)

    def _elements(self, values: Iterable[Value]) -> list[Element]:
        found: list[Element] = []
        for value in values:
            element = self._analysis.element(value)
            if element is not None:
                found.append(element)
        return found

    # --- writes --------------------------------------------------------------------------------

    def value_has_writers(self, value: Value) -> bool:
        """Whether some node writes to memory that the value may be."""
        if self._writes.is_empty or value.node.must_be_none():
            return False
        element = self._element(value)
        if element is None:
            return False
        self._resolve()
        return not self._writes.everything.isdisjoint(self._memory.locations(element))

    def any_has_writers(self, values: Iterable[Value]) -> bool:
        """Whether `value_has_writers` for one of them."""
        return any(self.value_has_writers(value) for value in values)

    def has_writers(self, node: Node) -> bool:
        """Whether an input or output of the node is written to anywhere in the graph."""
        if self._writes.is_empty:
            return False
        return self.any_has_writers(node.inputs) or self.any_has_writers(node.outputs)

    def written_by(self, node: Node) -> Locations:
        """The memory that the node, or a node in its blocks, writes to."""
        self._resolve()
        return self._writes.of_blocks(node)

    def read_by(self, node: Node) -> Locations:
        """The memory that the node, or a node in its blocks, may read."""
        found: Locations = self._memory.all_locations_of(self._elements(node.inputs))
        for block in node.blocks:
            for inner in block.nodes():
                found |= self.read_by(inner)
        return found

    def memory_of(self, value: Value) -> Locations:
        """The memory that the value may be, not counting what it holds; empty for what cannot change."""
        element = self._element(value)
        return NO_LOCATIONS if element is None else self._memory.locations(element)

    def writes_to_wildcard(self, node: Node) -> bool:
        """Whether the node itself may write to something that is known outside the graph."""
        if self._writes.is_empty:
            return False
        self._resolve()
        written = self._writes.of(node)
        return bool(written) and any(w.index in written for w in self._analysis.wildcards.values())

    @property
    def nothing_is_written(self) -> bool:
        """Whether no node of the graph writes to anything."""
        return self._writes.is_empty

    # --- aliases -------------------------------------------------------------------------------

    def may_alias(self, a: Iterable[Value], b: Iterable[Value]) -> bool:
        """Whether a value of `a` and one of `b` may be the same memory."""
        mine = NO_LOCATIONS.union(*(self._memory.locations(element) for element in self._elements(a)))
        if not mine:
            return False
        return any(not mine.isdisjoint(self._memory.locations(element)) for element in self._elements(b))

    def may_contain_alias(self, a: Iterable[Value], b: Iterable[Value]) -> bool:
        """Whether memory that can be reached from `a` can also be reached from `b`."""
        mine = self._memory.all_locations_of(self._elements(a))
        if not mine:
            return False
        return any(not mine.isdisjoint(self._memory.all_locations(element)) for element in self._elements(b))

    def may_alias_wildcard(self, value: Value) -> bool:
        """Whether the value may be known outside the graph."""
        element = self._element(value)
        if element is None:
            return False
        wildcard = self._analysis.wildcard_of(value.type)
        return wildcard is not None and self._memory.may_alias(element, wildcard)

    def escapes_scope(self, values: Sequence[Value]) -> bool:
        """Whether one of the values may be seen from outside: an input, a result, or known elsewhere."""
        return (
            self.may_contain_alias(self.graph.inputs, values)
            or self.may_contain_alias(self.graph.outputs, values)
            or any(self.may_alias_wildcard(value) for value in values)
        )

    def safe_to_change_aliasing(self, a: Sequence[Value], b: Sequence[Value]) -> bool:
        """Whether nobody can tell if `a` and `b` become, or stop being, the same objects."""
        if self.any_has_writers(a) or self.any_has_writers(b):
            return False
        return not (self.escapes_scope(a) and self.escapes_scope(b))

    # --- keeping up with a pass ------------------------------------------------------------------

    def writes_to(self, node: Node, values: Iterable[Value]) -> bool:
        """Whether the node, or one in its blocks, writes to memory that one of the values may be."""
        written = self.written_by(node)
        return bool(written) and any(
            not written.isdisjoint(self._memory.locations(element)) for element in self._elements(values)
        )

    def forget_writes(self, node: Node) -> None:
        """The pass takes out a node that writes."""
        self._resolve()
        self._writes.forget(node)

    def replace_with_new_value(self, old: Value, new: Value) -> None:
        """From here on `new` is what `old` was, and `old` is known to nobody else.

        Cheaper than a new analysis, and as in libtorch: the answers about other values stay as they are.
        """
        self._analysis.move_element(old, new)

    # --- moving --------------------------------------------------------------------------------

    def move_before(self, node: Node, target: Node, dry_run: bool = False) -> bool:
        """Move `node` directly before `target`, taking along what depends on it; False if it cannot be."""
        return try_move(self, node, target, before=True, dry_run=dry_run)

    def move_after(self, node: Node, target: Node, dry_run: bool = False) -> bool:
        """Move `node` directly after `target`, taking along what depends on it; False if it cannot be."""
        return try_move(self, node, target, before=False, dry_run=dry_run)
