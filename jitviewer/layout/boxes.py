"""What a layout takes and gives: boxes with sizes, links between them, and their places."""

from __future__ import annotations

from typing import NamedTuple


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
