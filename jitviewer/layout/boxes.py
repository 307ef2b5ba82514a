"""What a layout takes and gives: boxes with sizes, links between them, and their places."""

from __future__ import annotations

from typing import NamedTuple

RANK_GAP = 26.0
"""Pixels between boxes that stand one below the other, in every layout."""

SIDE_GAP = 16.0
"""Pixels between boxes that stand side by side."""


class Box(NamedTuple):
    """A box to place: its id and size in pixels. `rank` is "first", "last" or "" (anywhere)."""

    id: str
    width: float
    height: float
    rank: str = ""


class Link(NamedTuple):
    """A directed connection between two boxes."""

    id: str
    source: str
    target: str


Point = tuple[float, float]


class Placement(NamedTuple):
    """Top left corners of the boxes and courses of the links, in pixels, y down, from (0, 0).

    A course is a start point followed by triples of cubic Bezier points.
    """

    boxes: dict[str, Point]
    links: dict[str, list[Point]]
    width: float
    height: float


def straight_course(start: Point, end: Point) -> list[Point]:
    """A course that leaves `start` and reaches `end` vertically; straight if one is below the other."""
    bend = (end[1] - start[1]) / 2
    return [start, (start[0], start[1] + bend), (end[0], end[1] - bend), end]
