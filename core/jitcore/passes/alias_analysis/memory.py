"""The points-to graph: elements stand for values and for the unknown rest, leaves for memory locations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jitcore.types import Type

Locations = frozenset[int]
"""Indices of the elements that stand for memory."""

NO_LOCATIONS: Final[Locations] = frozenset()


class Element:
    """A vertex of the points-to graph.

    `points_to` are the elements it may be an alias of; without any it is a memory location itself.
    `contained` are elements that it may hold; `contained_types` are types of which it may hold any
    unknown object (turned into elements when somebody asks). `type` is the type of the value that
    it stands for, None for a wildcard. `base`, `known_locations` and `known_reach` are answers that
    `MemoryGraph` remembers.
    """

    __slots__ = (
        "base", "contained", "contained_types", "index", "known_locations", "known_reach", "points_to",
        "type",
    )  # fmt: skip

    def __init__(self, index: int, type: Type | None) -> None:
        self.index = index
        self.type = type
        self.points_to: list[Element] = []
        self.contained: list[Element] = []
        self.contained_types: tuple[Type, ...] = ()
        self.base: Locations | None = None
        self.known_locations: Locations | None = None
        self.known_reach: Locations | None = None


class MemoryGraph:
    """Elements and the questions that can be asked about them.

    The graph is first built (`new_element`, `point`, `contain`, `add_to_wildcard`) and then asked;
    answers are remembered, so nothing may be added to old elements after the first question.
    `wildcard_of` gives the element of everything unknown that has a type's alias type, None if there
    is none; `wildcard_made` makes it if there is none.
    """

    def __init__(
        self, wildcard_of: Callable[[Type], Element | None], wildcard_made: Callable[[Type], Element | None]
    ) -> None:
        self.elements: list[Element] = []
        self._wildcard_of = wildcard_of
        self._wildcard_made = wildcard_made
        self._escaped: dict[Element, None] = {}
        self._escaped_to: dict[int, set[int]] | None = None

    def new_element(self, type: Type | None) -> Element:
        """A fresh element: a memory location of its own until it points somewhere."""
        element = Element(len(self.elements), type)
        self.elements.append(element)
        return element

    def point(self, source: Element, target: Element) -> None:
        """`source` may be an alias of `target`."""
        source.points_to.append(target)

    def contain(self, element: Element, container: Element) -> None:
        """`container` may hold `element`."""
        container.contained.append(element)

    def add_to_wildcard(self, element: Element) -> None:
        """The value of `element` may be known by others, under its type's wildcard."""
        self._escaped[element] = None

    def _base_locations(self, element: Element) -> Locations:
        """The leaves below `element`, by an explicit stack: chains of views may be thousands long."""
        found = element.base
        if found is not None:
            return found
        stack = [element]
        while stack:
            top = stack[-1]
            if top.base is not None:
                stack.pop()
                continue
            if not top.points_to:
                top.base = frozenset((top.index,))
                stack.pop()
                continue
            pending = [target for target in top.points_to if target.base is None]
            if pending:
                stack.extend(pending)
                continue
            stack.pop()
            bases = [target.base for target in top.points_to]
            first = bases[0]
            top.base = (
                first if all(base is first for base in bases) else frozenset().union(*(b for b in bases if b))
            )
        return element.base or NO_LOCATIONS

    def locations(self, element: Element) -> Locations:
        """The memory that the element may be: its leaves, and its type's wildcard if one of them escaped."""
        found = element.known_locations
        if found is None:
            found = element.known_locations = self._with_wildcard(element, self._base_locations(element))
        return found

    def _with_wildcard(self, element: Element, base: Locations) -> Locations:
        if element.type is None or not self._escaped:
            return base
        wildcard = self._wildcard_of(element.type)
        if wildcard is None:
            return base
        escaped = self._escaped_locations().get(wildcard.index)
        if escaped is None or escaped.isdisjoint(base):
            return base
        return base | {wildcard.index}

    def _escaped_locations(self) -> dict[int, set[int]]:
        if self._escaped_to is None:
            table: dict[int, set[int]] = {}
            for element in self._escaped:
                wildcard = None if element.type is None else self._wildcard_of(element.type)
                if wildcard is not None:
                    table.setdefault(wildcard.index, set()).update(self._base_locations(element))
            self._escaped_to = table
        return self._escaped_to

    def all_locations(self, element: Element) -> Locations:
        """The memory that the element may be, and all that can be reached from there through containers."""
        if element.known_reach is None:
            element.known_reach = self._reachable((element,))
        return element.known_reach

    def all_locations_of(self, elements: Iterable[Element]) -> Locations:
        """Union of `all_locations`."""
        return NO_LOCATIONS.union(*(self.all_locations(element) for element in elements))

    def _reachable(self, elements: Iterable[Element]) -> Locations:
        seen: set[int] = set()
        stack = list(elements)
        while stack:
            element = stack.pop()
            if element.index in seen:
                continue
            if element.known_reach is not None:
                seen |= element.known_reach
                continue
            seen.add(element.index)
            stack.extend(self.elements[index] for index in self.locations(element) if index not in seen)
            if element.contained_types:
                self._expand(element)
            stack.extend(element.contained)
        return frozenset(seen)

    def _expand(self, element: Element) -> None:
        for held in element.contained_types:
            wildcard = self._wildcard_made(held)
            if wildcard is not None:
                element.contained.append(wildcard)
        element.contained_types = ()

    def expand_all(self) -> None:
        """Make the wildcards of everything that any element may hold."""
        position = 0
        while position < len(self.elements):
            self._expand(self.elements[position])
            position += 1

    def may_alias(self, a: Element, b: Element) -> bool:
        """Whether both may be the same memory."""
        return not self.locations(a).isdisjoint(self.locations(b))
