"""Lanes beside the boxes for links that cross rows: one lane for all long links of a box."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from jitviewer.layout.boxes import RANK_GAP, Link, Point

LANE_GAP = 7.0
"""Pixels from lane to lane."""

MAX_LANES = 240
"""Lanes on both sides together; beyond them courses share a lane, so that a picture stays bounded."""


class Rows:
    """Ids of the boxes of each row, and where the row begins and ends (pixels from the top)."""

    def __init__(self, ids: list[list[str]], tops: list[float], bottoms: list[float]) -> None:
        self.ids = ids
        self.tops = tops
        self.bottoms = bottoms
        self.of_box = {box_id: index for index, row in enumerate(ids) for box_id in row}


def choose_lanes(links: Sequence[Link], rows: Rows, left: float, right: float) -> dict[str, float]:
    """The x of the lane of each link that does not simply go to the next row.

    The short spans come first and get the lanes near the boxes, which lie between `left` and `right`.
    """
    spans: dict[tuple[str, bool], tuple[int, int]] = {}
    members: dict[tuple[str, bool], list[str]] = {}
    for link in links:
        source, target = rows.of_box[link.source], rows.of_box[link.target]
        if target == source + 1:
            continue
        key = (link.source, target > source)
        low, high = spans.get(key, (source, source))
        spans[key] = (min(low, target), max(high, target))
        members.setdefault(key, []).append(link.id)
    taken: list[list[tuple[int, int]]] = []
    chosen: dict[str, float] = {}
    for number, key in enumerate(sorted(spans, key=lambda k: (spans[k][1] - spans[k][0], spans[k][0]))):
        lane = _free_lane(taken, spans[key], number)
        offset = (lane // 2 + 1) * LANE_GAP + RANK_GAP / 2
        x = right + offset if lane % 2 == 0 else left - offset
        chosen.update(dict.fromkeys(members[key], x))
    return chosen


def _free_lane(taken: list[list[tuple[int, int]]], span: tuple[int, int], number: int) -> int:
    for lane, spans in enumerate(taken):
        at = bisect_left(spans, span)
        # Lanes hold spans that do not meet, so only the neighbours can be in the way.
        if at and spans[at - 1][1] > span[0]:
            continue
        if at < len(spans) and spans[at][0] < span[1]:
            continue
        spans.insert(at, span)
        return lane
    if len(taken) < MAX_LANES:
        taken.append([span])
        return len(taken) - 1
    return number % MAX_LANES


def course_by_lane(start: Point, end: Point, lane: float, rows: Rows, link: Link) -> list[Point]:
    """From the bottom of a box out to the lane, along it, and in to the top of another box."""
    out = rows.bottoms[rows.of_box[link.source]] + RANK_GAP
    back = rows.tops[rows.of_box[link.target]] - RANK_GAP
    return [
        start, (start[0], out), (lane, start[1]), (lane, out),
        (lane, out + (back - out) / 3), (lane, back - (back - out) / 3), (lane, back),
        (lane, end[1]), (end[0], back), end,
    ]  # fmt: skip
