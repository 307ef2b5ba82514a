"""What each node writes to, as recorded by the analysis and as looked up afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes.alias_analysis.memory import NO_LOCATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jitcore.ir import Node
    from jitcore.passes.alias_analysis.memory import Element, Locations, MemoryGraph


class Writes:
    """Writes of nodes: to elements, to all that elements hold, or to everything unknown."""

    __slots__ = ("_by_node", "_direct", "_everything", "_through", "_unknown", "_wildcards")

    def __init__(self) -> None:
        self._direct: dict[Node, list[Element]] = {}
        self._through: dict[Node, list[Element]] = {}
        self._unknown: dict[Node, None] = {}
        self._by_node: dict[Node, Locations] | None = None
        self._everything: Locations | None = NO_LOCATIONS
        self._wildcards: Iterable[Element] = ()

    def add(self, node: Node, element: Element) -> None:
        """`node` writes to what `element` may be."""
        self._direct.setdefault(node, []).append(element)

    def add_through(self, node: Node, element: Element) -> None:
        """`node` writes to what `element` may be and to all that can be reached from it."""
        self._through.setdefault(node, []).append(element)

    def add_unknown(self, node: Node) -> None:
        """`node` writes to every wildcard."""
        self._unknown[node] = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing writes."""
        return not (self._direct or self._through or self._unknown)

    def resolve(self, memory: MemoryGraph, wildcards: Iterable[Element]) -> None:
        """Say where memory is looked up; called once the analysis is over. `wildcards` may grow."""
        if self.is_empty:
            self._by_node = {}
            return
        collected: dict[Node, set[int]] = {}
        for node, elements in self._direct.items():
            collected.setdefault(node, set()).update(*(memory.locations(element) for element in elements))
        for node, elements in self._through.items():
            collected.setdefault(node, set()).update(*(memory.all_locations(element) for element in elements))
        if self._unknown:
            memory.expand_all()
        for node in self._unknown:
            collected.setdefault(node, set()).update(element.index for element in wildcards)
        self._by_node = {node: frozenset(found) for node, found in collected.items()}
        self._everything = None

    def forget(self, node: Node) -> None:
        """`node` writes no more; what it wrote to is what others write to from now on."""
        for table in (self._direct, self._through, self._unknown, self._by_node or {}):
            table.pop(node, None)
        self._everything = None

    def of(self, node: Node) -> Locations:
        """What `node` itself writes to; its blocks not counted."""
        return (self._by_node or {}).get(node, NO_LOCATIONS)

    def of_blocks(self, node: Node) -> Locations:
        """What `node` and the nodes of its blocks write to."""
        if not self._by_node:
            return NO_LOCATIONS
        found = self.of(node)
        for block in node.blocks:
            for inner in block.nodes():
                found |= self.of_blocks(inner)
        return found

    @property
    def everything(self) -> Locations:
        """All memory that some node of the graph writes to."""
        if self._everything is None:
            self._everything = NO_LOCATIONS.union(*(self._by_node or {}).values())
        return self._everything
