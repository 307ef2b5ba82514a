"""The text of a graph before and after one pass, line beside line."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from jitcore.printing import Listing, print_graph
from jitcore.source import JitError
from jitviewer.engine.rewriting import Rewriting
from jitviewer.protocol.rows import TextView

_Key = tuple[object, ...]


def pass_diff(rewriting: Rewriting, name: str) -> tuple[TextView, TextView, list[int]]:
    """Before and after as texts of equally many lines, those that belong together side by side, and the
    first line of each group of changes.

    Raises `JitError` if no such pass has run. The graph is at the same step as before.
    """
    report = next((r for r in rewriting.reports if r.name == name), None)
    if report is None:
        raise JitError(f"{name} did not rewrite this graph, so there is nothing to compare")
    journal = rewriting.journal
    shown = journal.position
    try:
        journal.go_to(report.steps.start)
        before = _Side(print_graph(rewriting.graph))
        journal.go_to(report.steps.stop)
        after = _Side(print_graph(rewriting.graph))
    finally:
        journal.go_to(shown)
    pairs = _aligned(before.keys, after.keys)
    left, right, groups = _marks(pairs, before, after)
    return (
        before.view(f"before {name}", [pair[0] for pair in pairs], left),
        after.view(f"after {name}", [pair[1] for pair in pairs], right),
        groups,
    )


class _Side:
    """One text: its lines, and a key by which each is found again in the other."""

    def __init__(self, listing: Listing) -> None:
        self.lines = listing.text.removesuffix("\n").split("\n")
        self._nodes = listing.node_ids
        self.keys: list[_Key] = []
        seen: dict[_Key, int] = {}
        for line, text in enumerate(self.lines):
            nodes = tuple(self._nodes[line]) if line < len(self._nodes) else ()
            # Lines of a node with blocks are told apart by their order, others by what they say.
            plain: _Key = nodes or (text,)
            number = seen[plain] = seen.get(plain, 0) + 1
            self.keys.append((*plain, "line", number))

    def view(self, title: str, lines: Sequence[int], marks: dict[int, str]) -> TextView:
        """The text with empty lines where only the other side has one (-1)."""
        text = "\n".join(self.lines[line] if line >= 0 else "" for line in lines)
        nodes = [list(self._nodes[line]) if 0 <= line < len(self._nodes) else [] for line in lines]
        return TextView(title, "graph", text, nodes, marks)


def _aligned(before: Sequence[_Key], after: Sequence[_Key]) -> list[tuple[int, int]]:
    """Pairs of lines, -1 where one side has none; what both have keeps its order on both sides."""
    at = {key: line for line, key in enumerate(before)}
    common = [(at[key], line) for line, key in enumerate(after) if key in at]
    pairs: list[tuple[int, int]] = []
    left = right = 0
    for first, second in [*_longest_rising(common), (len(before), len(after))]:
        # Between two lines that stayed, what went stands beside what came.
        while left < first or right < second:
            pairs.append((left if left < first else -1, right if right < second else -1))
            left, right = min(left + 1, first), min(right + 1, second)
        if first < len(before):
            pairs.append((first, second))
            left, right = first + 1, second + 1
    return pairs


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of pairs (sorted by the second) whose first numbers rise."""
    tails: list[int] = []
    ends: list[int] = []
    previous = [-1] * len(pairs)
    for number, (first, _) in enumerate(pairs):
        place = bisect_left(tails, first)
        previous[number] = ends[place - 1] if place else -1
        if place == len(tails):
            tails.append(first)
            ends.append(number)
        else:
            tails[place] = first
            ends[place] = number
    found: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(pairs[at])
        at = previous[at]
    found.reverse()
    return found


def _marks(
    pairs: Sequence[tuple[int, int]], before: _Side, after: _Side
) -> tuple[dict[int, str], dict[int, str], list[int]]:
    """Marks of both sides by line, and where each group of marked lines begins."""
    left: dict[int, str] = {}
    right: dict[int, str] = {}
    groups: list[int] = []
    was_marked = False
    for line, (first, second) in enumerate(pairs):
        stays = first >= 0 and second >= 0 and before.keys[first] == after.keys[second]
        if stays and before.lines[first] == after.lines[second]:
            was_marked = False
            continue
        if first >= 0:
            left[line] = "changed" if stays else "removed"
        if second >= 0:
            right[line] = "changed" if stays else "made"
        if not was_marked:
            groups.append(line)
        was_marked = True
    return left, right, groups
