"""Upright stretches of courses, merged: the lane that thousands of edges share is one line."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort

Stretch = tuple[float, float, float]
"""x, top and bottom of an upright line."""


class _Lane:
    """What lies at one x: merged stretches, ascending, and the stretch of each edge."""

    def __init__(self) -> None:
        self.tops: list[float] = []
        self.bottoms: list[float] = []
        # Top, bottom and number of each edge, one after the other.
        self.edges = array("d")

    def add(self, top: float, bottom: float, number: int) -> None:
        self.edges.extend((top, bottom, number))
        first = bisect_left(self.bottoms, top)
        end = bisect_right(self.tops, bottom)
        if first < end:
            top, bottom = min(top, self.tops[first]), max(bottom, self.bottoms[end - 1])
        self.tops[first:end] = [top]
        self.bottoms[first:end] = [bottom]


class Lanes:
    """The upright stretches of many edges."""

    def __init__(self) -> None:
        self._lanes: dict[float, _Lane] = {}
        self._xs: list[float] = []

    def add(self, x: float, top: float, bottom: float, number: int) -> None:
        """The edge of this number runs along here."""
        lane = self._lanes.get(x)
        if lane is None:
            lane = self._lanes[x] = _Lane()
            insort(self._xs, x)
        lane.add(top, bottom, number)

    def within(self, left: float, top: float, right: float, bottom: float) -> list[Stretch]:
        """The merged stretches in a rectangle, cut to it: a painter pays for what is out of sight."""
        found: list[Stretch] = []
        for x in self._xs[bisect_left(self._xs, left) : bisect_right(self._xs, right)]:
            lane = self._lanes[x]
            here = range(bisect_left(lane.bottoms, top), bisect_right(lane.tops, bottom))
            found += [(x, max(top, lane.tops[at]), min(bottom, lane.bottoms[at])) for at in here]
        return found

    def edges_near(self, x: float, y: float, reach: float) -> list[tuple[float, int]]:
        """How far away the lanes within reach are, and the first edge that runs along each there."""
        found: list[tuple[float, int]] = []
        for at in self._xs[bisect_left(self._xs, x - reach) : bisect_right(self._xs, x + reach)]:
            edges = self._lanes[at].edges
            tops, bottoms, numbers = edges[0::3], edges[1::3], edges[2::3]
            here = (
                int(number)
                for top, bottom, number in zip(tops, bottoms, numbers, strict=True)
                if top <= y <= bottom
            )
            number = min(here, default=-1)
            if number >= 0:
                found.append((abs(at - x), number))
        return found
