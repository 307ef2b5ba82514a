"""The edges of one side of two aligned graphs: what flows from row to row, beside the column of boxes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush

from jitviewer.protocol.comparison_rows import ComparedNodeRow
from jitviewer.protocol.rows import CanvasEdge, course_of
from jitviewer.ui.compare.aligned_places import (
    BOX_HEIGHT,
    BOX_WIDTH,
    LANE,
    MOST_LANES,
    left_of,
    middle_of,
    top_of,
)
from jitviewer.ui.compare.aligned_rows import AlignedRow

_MOST_SOURCES = 16
"""Rows that a node reads from, through nodes that have no row of their own."""

_BEND = 8.0
"""How round the corners of an edge are."""

_ASIDE = 7.0
"""How far above the middle of a box edges end, and below it begin."""


class SideEdges:
    """`rows` are those of both sides, `nodes` those of the graph on this side."""

    def __init__(self, rows: Sequence[AlignedRow], nodes: Sequence[ComparedNodeRow], is_left: bool) -> None:
        self._is_left = is_left
        self._nodes = {node.node_id: node for node in nodes}
        self._rows = [row.left if is_left else row.right for row in rows]
        self._places: dict[int, list[int]] = {}
        self._below: dict[int, int] = {}
        last = -1
        for number, node in enumerate(self._rows):
            if node is not None:
                self._places.setdefault(node.node_id, []).append(number)
                self._below[last] = number
                last = number
        self._known: dict[int, tuple[int, ...]] = {}

    def edges(self) -> Iterator[CanvasEdge | None]:
        """All edges; between them None now and then, so that a slice of the work can end."""
        readers: dict[int, list[int]] = {}
        for number, node in enumerate(self._rows):
            if node is None:
                continue
            for source in self._sources(node.node_id):
                places = self._places[source]
                # Of a loop that is written out the turn before.
                at = bisect_left(places, number)
                begin = places[at - 1] if at else places[0]
                if begin != number:
                    readers.setdefault(begin, []).append(number)
            yield None
        lanes = _Lanes()
        for begin in sorted(readers):
            below = self._below.get(begin)
            far = [end for end in readers[begin] if end != below]
            lane = lanes.take(min(begin, *far), max(begin, *far)) if far else 0
            for end in readers[begin]:
                points = self._straight(begin, end) if end == below else self._around(begin, end, lane)
                side = "l" if self._is_left else "r"
                yield CanvasEdge(
                    f"{side}{begin}>{end}", f"{side}{begin}", f"{side}{end}", course_of(points), "", ""
                )

    def _sources(self, number: int) -> tuple[int, ...]:
        """The nodes with rows that a node reads, directly or through those without."""
        found: dict[int, None] = {}
        pending = [*reversed(self._nodes[number].reads)] if number in self._nodes else []
        seen: set[int] = set()
        while pending and len(found) < _MOST_SOURCES:
            source = pending.pop()
            if source in seen:
                continue
            seen.add(source)
            if source in self._places:
                found[source] = None
            elif source in self._known:
                found.update(dict.fromkeys(self._known[source]))
            elif source in self._nodes:
                pending.extend(reversed(self._nodes[source].reads))
        if number not in self._places:
            self._known[number] = (*found,)
        return (*found,)

    def _straight(self, begin: int, end: int) -> list[tuple[float, float]]:
        x = left_of(self._is_left) + BOX_WIDTH / 2
        start, stop = top_of(begin) + BOX_HEIGHT, top_of(end)
        return [(x, start), (x, start), (x, stop), (x, stop)]

    def _around(self, begin: int, end: int, lane: int) -> list[tuple[float, float]]:
        """Out of a box at its outer side, along a lane, and in again."""
        away = -1.0 if self._is_left else 1.0
        rim = left_of(self._is_left) + (0.0 if self._is_left else BOX_WIDTH)
        x = rim + away * LANE * (lane + 1.5)
        start, stop = middle_of(begin) + _ASIDE, middle_of(end) - _ASIDE
        bend = min(_BEND, abs(x - rim) - 1)
        down = 1.0 if stop > start else -1.0
        return [
            (rim, start), (rim, start), (x - away * bend, start), (x - away * bend, start),
            (x, start), (x, start), (x, start + down * bend),
            (x, start + down * bend), (x, stop - down * bend), (x, stop - down * bend),
            (x, stop), (x, stop), (x - away * bend, stop),
            (x - away * bend, stop), (rim, stop), (rim, stop),
        ]  # fmt: skip


class _Lanes:
    """Lanes for spans of rows that come in the order of their beginning."""

    def __init__(self) -> None:
        self._busy: list[tuple[int, int]] = []
        self._free = [*range(MOST_LANES)]
        self._shared = 0

    def take(self, first: int, last: int) -> int:
        """The innermost lane that is free from `first` on; it is taken up to `last`."""
        while self._busy and self._busy[0][0] < first:
            heappush(self._free, heappop(self._busy)[1])
        if not self._free:
            self._shared += 1
            return MOST_LANES - 1 - self._shared % (MOST_LANES // 2)
        lane = heappop(self._free)
        heappush(self._busy, (last, lane))
        return lane
