"""Pairs what is left between pairs, by work and order."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING

from jitcore.diagnose.alignment.matching import Match, is_left_out
from jitcore.diagnose.alignment.operator_kinds import work_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from jitcore.diagnose.alignment.matching import Matching
    from jitcore.diagnose.alignment.side import Item


def match_gaps(
    matching: Matching,
    left: Sequence[Item],
    right: Sequence[Item],
    matches: Sequence[Match],
    neighbourhood: Callable[[Item, bool], Hashable],
    may_pair: Callable[[Item, Item], bool],
) -> list[Match]:
    """Pair free items that stand between the same pairs and do the same work, as far as orders agree.

    `matches` are all pairs of the two blocks; `left` and `right` the items that may get partners, if they
    have the same `neighbourhood` (of an item, and whether it is of the left side) and `may_pair` says so.
    """
    anchors = _uncrossed([match for match in matches if not (match.left.loops or match.right.loops)])
    left_ends = [match.left.position for match in anchors]
    right_ends = [match.right.position for match in anchors]
    groups: dict[Hashable, tuple[list[Item], list[Item]]] = defaultdict(lambda: ([], []))
    for item in left:
        if matching.is_left_free(item) and not is_left_out(item, matching.left):
            gap = bisect_left(left_ends, item.position)
            groups[gap, work_of(item.node), neighbourhood(item, True)][0].append(item)
    for item in right:
        if matching.is_right_free(item) and not is_left_out(item, matching.right):
            gap = bisect_left(right_ends, item.position)
            groups[gap, work_of(item.node), neighbourhood(item, False)][1].append(item)
    found: list[Match] = []
    for ours, theirs in groups.values():
        if ours and theirs:
            for one, other in matching.assigning.pairs(ours, theirs):
                if may_pair(one, other):
                    matching.pair(one.node, other.node)
                    found.append(Match(one, other, "order"))
    return found


def _uncrossed(matches: list[Match]) -> list[Match]:
    """The most pairs of which none cross: a longest increasing subsequence, by patience sorting."""
    ordered = sorted(matches, key=lambda match: match.right.position)
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for index, match in enumerate(ordered):
        pile = bisect_left(tops, match.left.position)
        before.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(match.left.position)
            piles.append(index)
        else:
            tops[pile] = match.left.position
            piles[pile] = index
    found: list[Match] = []
    index = piles[-1] if piles else -1
    while index >= 0:
        found.append(ordered[index])
        index = before[index]
    found.reverse()
    return found
