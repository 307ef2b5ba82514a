"""The layout of the blocks of a control node: next to each other in their order, tops aligned.

`dot` would centre them on one line, which puts a short block far below the condition that chooses it.
"""

from __future__ import annotations

from collections.abc import Sequence

from jitviewer.layout.boxes import RANK_GAP, SIDE_GAP, Box, Link, Placement, Point, straight_course


def place_side_by_side(boxes: Sequence[Box], links: Sequence[Link]) -> Placement:
    """Boxes in a row, those of rank "first" above and those of rank "last" below it, centred."""
    groups = [[box for box in boxes if box.rank == rank] for rank in ("first", "", "last")]
    groups = [group for group in groups if group]
    width = max((_length(group) for group in groups), default=0.0)
    places: dict[str, Point] = {}
    y = 0.0
    for group in groups:
        x = (width - _length(group)) / 2
        for box in group:
            places[box.id] = (x, y)
            x += box.width + SIDE_GAP
        y += max(box.height for box in group) + RANK_GAP
    sizes = {box.id: box for box in boxes}
    courses: dict[str, list[Point]] = {}
    for link in links:
        (sx, sy), (tx, ty) = places[link.source], places[link.target]
        source, target = sizes[link.source], sizes[link.target]
        courses[link.id] = straight_course(
            (sx + source.width / 2, sy + source.height), (tx + target.width / 2, ty)
        )
    return Placement(places, courses, width, max(0.0, y - RANK_GAP))


def _length(group: Sequence[Box]) -> float:
    return sum(box.width for box in group) + SIDE_GAP * max(0, len(group) - 1)
