"""In which turn of an unrolled loop each copy of its body was made."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.diagnose.alignment.call_paths import Path
    from jitcore.diagnose.alignment.side import Item
    from jitcore.ir import Node

Turns = tuple[int, ...]


class TurnCount:
    """Counts turns while the copies are gone through in their order.

    A new turn of the innermost loop that two copies share begins where the text goes back, where a node
    comes another time, or where the other arm of an if does. Operands of one line may be computed in
    another order, so going back within a line begins none.
    """

    def __init__(self) -> None:
        self._chain: tuple[Node, ...] = ()
        self._turns: list[int] = []
        self._position = -1
        self._path: Path = ()
        self._seen: list[set[Node]] = []
        self._arms: list[dict[Node, int]] = []
        self.counts: dict[Node, dict[Turns, int]] = defaultdict(dict)

    def turn_of(self, item: Item, path: Path) -> Turns:
        """The turns of the loops around the next copy, which is of `item` at `path`."""
        common = 0
        while common < min(len(self._chain), len(item.loops)) and self._chain[common] is item.loops[common]:
            common += 1
        is_new = common > 0 and self._begins_turn(item, path, common)
        self._cut(common)
        if is_new:
            self._turns[-1] += 1
            self._seen[-1], self._arms[-1] = set(), {}
        for _ in item.loops[common:]:
            self._turns.append(0)
            self._seen.append(set())
            self._arms.append({})
        self._chain, self._position, self._path = item.loops, item.position, path
        for seen, arms in zip(self._seen, self._arms, strict=True):
            seen.add(item.node)
            arms.update(item.arms)
        turns = tuple(self._turns)
        for depth, loop in enumerate(item.loops):
            count = self.counts[loop]
            count[turns[:depth]] = max(count.get(turns[:depth], 0), turns[depth] + 1)
        return turns

    def _begins_turn(self, item: Item, path: Path, common: int) -> bool:
        seen, arms = self._seen[common - 1], self._arms[common - 1]
        if item.node in seen or any(arms.get(branch, arm) != arm for branch, arm in item.arms):
            return True
        return item.position < self._position and path != self._path

    def _cut(self, length: int) -> None:
        del self._turns[length:], self._seen[length:], self._arms[length:]

    def entries(self, loop: Node) -> tuple[int, ...]:
        """How many turns a loop took, for every time that it was entered."""
        return tuple(count for _, count in sorted(self.counts[loop].items()))
