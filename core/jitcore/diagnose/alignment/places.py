"""Pairs nodes that do the same work at the same place: lines that led there, module, or one of both."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from jitcore.diagnose.alignment.call_paths import is_installed
from jitcore.diagnose.alignment.matching import Match
from jitcore.diagnose.alignment.operator_kinds import is_recorded, work_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from jitcore.diagnose.alignment.matching import Matching
    from jitcore.diagnose.alignment.pair import How
    from jitcore.diagnose.alignment.side import Item, Side

    Key = Callable[[Side, Item], Hashable]
    """What the items of a group share; None where an item belongs to none."""


def _lines_and_module(side: Side, item: Item) -> Hashable:
    path = side.paths.of(item.node)
    return (path, side.module_of(item.node), work_of(item.node)) if path else None


def _lines(side: Side, item: Item) -> Hashable:
    path = side.paths.of(item.node)
    return (path, work_of(item.node)) if path else None


def _own_lines(side: Side, item: Item) -> Hashable:
    """The lines outside of libraries: releases of one library have the same code in other lines."""
    path = tuple(step for step in side.paths.of(item.node) if not is_installed(step))
    return (path, side.module_of(item.node), work_of(item.node)) if path else None


def _innermost_line(side: Side, item: Item) -> Hashable:
    """The line alone: archives do not tell where a function was called."""
    path = side.paths.of(item.node)
    return (path[-1], side.module_of(item.node), work_of(item.node)) if path else None


def _module(side: Side, item: Item) -> Hashable:
    return (side.module_of(item.node), work_of(item.node))


def _replaced(side: Side, item: Item) -> Hashable:
    """The place alone, of what gives tensors."""
    path = side.paths.of(item.node)
    is_meant = bool(path) and is_recorded(item.node)
    return (path, side.module_of(item.node)) if is_meant else None


_LONGEST_EXPRESSION = 10
"""Lines of an expression that is written over several."""

BY_PLACE: tuple[tuple[Key, How], ...] = (
    (_lines_and_module, "place"), (_lines, "place"), (_own_lines, "place"), (_innermost_line, "place"),
    (_replaced, "replaced"),
)  # fmt: skip
"""What a group shares, the most telling first."""

BY_MODULE: tuple[tuple[Key, How], ...] = ((_module, "order"),)


class Places:
    """Groups the items of both sides by what they share."""

    def __init__(self, left: Side, right: Side, matching: Matching) -> None:
        self._left = left
        self._right = right
        self._matching = matching

    def match(
        self, keys: Sequence[tuple[Key, How]], left: Sequence[Item], right: Sequence[Item]
    ) -> list[Match]:
        """Pair what is free among the items, one key after the other."""
        found: list[Match] = []
        for key, how in keys:
            groups: dict[Hashable, tuple[list[Item], list[Item]]] = defaultdict(lambda: ([], []))
            for item in left:
                if self._matching.is_left_free(item):
                    groups[key(self._left, item)][0].append(item)
            for item in right:
                if self._matching.is_right_free(item):
                    groups[key(self._right, item)][1].append(item)
            groups.pop(None, None)
            for ours, theirs in groups.values():
                if ours and theirs and not (how == "replaced" and len(ours) != len(theirs)):
                    for one, other in self._matching.assigning.pairs(ours, theirs):
                        self._matching.pair(one.node, other.node)
                        found.append(Match(one, other, how))
        return found

    def neighbourhood(self, item: Item, is_left: bool) -> Hashable:
        """What items share that may be two ends of one expression: all calls, and the file.

        A tracer notes the line on which a call begins, a script that of the name or the operator.
        """
        path = (self._left if is_left else self._right).paths.of(item.node)
        return (path[:-1], path[-1][0]) if path else None

    def are_near(self, left: Item, right: Item) -> bool:
        """Whether the lines of two items may be those of one expression."""
        ours, theirs = self._left.paths.of(left.node), self._right.paths.of(right.node)
        return not ours or not theirs or abs(ours[-1][1] - theirs[-1][1]) <= _LONGEST_EXPRESSION

    def unknown(self, left: Sequence[Item], right: Sequence[Item]) -> tuple[list[Item], list[Item]]:
        """The items that the other side has nothing for at their very place.

        What it has something for got its partner there, or has none: the other arm of an if must not be
        paired with what another line does.
        """
        places = {_lines(self._left, item) for item in left}, {_lines(self._right, item) for item in right}
        return (
            [item for item in left if _lines(self._left, item) not in places[1] - {None}],
            [item for item in right if _lines(self._right, item) not in places[0] - {None}],
        )
