"""Partners within a group of nodes that do the same work at one place, from their order and operands."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from jitcore.diagnose.alignment.side import Item
    from jitcore.ir import Node

    Signature = Callable[[Item], tuple[Hashable, ...]]
    """What an item reads, an entry for each operand."""

_MOST_COMPARED: Final = 10_000
"""Pairs of items that are weighed one by one; larger groups go by equal operands and order."""

_LONGEST_BODY: Final = 32
"""Items of one line of a loop that are told apart by their operands."""


class Assigning:
    """Pairs items of two groups. `left_signature` and `right_signature` say what items read."""

    def __init__(self, left_signature: Signature, right_signature: Signature) -> None:
        self._of_left = left_signature
        self._of_right = right_signature

    def pairs(self, left: Sequence[Item], right: Sequence[Item]) -> list[tuple[Item, Item]]:
        """Partners; where one side alone stands in a loop, its items may get one for each turn."""
        left_loops, right_loops = any(item.loops for item in left), any(item.loops for item in right)
        if left_loops != right_loops:
            if left_loops:
                return self._unrolled(left, right, self._of_left, self._of_right)
            swapped = self._unrolled(right, left, self._of_right, self._of_left)
            return [(one, other) for other, one in swapped]
        if len(left) == len(right) and not (_is_exclusive(left) or _is_exclusive(right)):
            return list(zip(left, right, strict=True))
        return self.in_order(left, right)

    def in_order(self, left: Sequence[Item], right: Sequence[Item]) -> list[tuple[Item, Item]]:
        """As many partners as there can be without crossing, of these such that operands agree most."""
        if len(left) * len(right) > _MOST_COMPARED:
            return self._by_operands(left, right)
        of_left, of_right = [*map(self._of_left, left)], [*map(self._of_right, right)]
        best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
        for i in range(len(left) - 1, -1, -1):
            for j in range(len(right) - 1, -1, -1):
                taken = best[i + 1][j + 1] + _likeness(of_left[i], of_right[j])
                best[i][j] = max(taken, best[i + 1][j], best[i][j + 1])
        found: list[tuple[Item, Item]] = []
        i = j = 0
        while i < len(left) and j < len(right):
            if best[i][j] == best[i + 1][j + 1] + _likeness(of_left[i], of_right[j]):
                found.append((left[i], right[j]))
                i, j = i + 1, j + 1
            elif best[i][j] == best[i + 1][j]:
                i += 1
            else:
                j += 1
        return found

    def _by_operands(self, left: Sequence[Item], right: Sequence[Item]) -> list[tuple[Item, Item]]:
        waiting: dict[tuple[Hashable, ...], deque[Item]] = defaultdict(deque)
        for item in left:
            waiting[self._of_left(item)].append(item)
        found: list[tuple[Item, Item]] = []
        for item in right:
            equal = waiting.get(self._of_right(item))
            if equal:
                found.append((equal.popleft(), item))
        return found

    def _unrolled(
        self, body: Sequence[Item], copies: Sequence[Item], of_body: Signature, of_copies: Signature
    ) -> list[tuple[Item, Item]]:
        """The copies of each item of a body, turn after turn."""
        count = len(body)
        tells = count > 1 and count <= _LONGEST_BODY and (_is_exclusive(body) or len(copies) % count)
        if not tells:
            return [(body[index % count], copy) for index, copy in enumerate(copies)]
        signatures = [*map(of_body, body)]
        found: list[tuple[Item, Item]] = []
        last = -1
        for copy in copies:
            wanted = of_copies(copy)
            following = [(last + 1 + step) % count for step in range(count)]
            last = max(following, key=lambda at: _likeness(signatures[at], wanted))
            found.append((body[last], copy))
        return found


def _is_exclusive(items: Sequence[Item]) -> bool:
    """Whether two of the items never run in one turn: they stand in two arms of an if."""
    arms: dict[Node, int] = {}
    return any(arms.setdefault(branch, arm) != arm for item in items for branch, arm in item.arms)


def _likeness(left: Sequence[Hashable], right: Sequence[Hashable]) -> float:
    """The part of the operands that are the same, at most 1; never 0, so every pair is worth something."""
    if left == right:
        return 1.0
    same = sum(1 for one, other in zip(left, right, strict=False) if one == other)
    return (1 + same) / (2 + max(len(left), len(right)))
