"""The layout of a chain: boxes one below the other, as `dot` would put them, without asking it.

Most containers are chains (an entry, an operator, an exit), and `dot` takes a millisecond for each.
"""

from __future__ import annotations

from collections.abc import Sequence

from jitviewer.layout.boxes import RANK_GAP, Box, Link, Placement, Point, straight_course


def chain_links(boxes: Sequence[Box], links: Sequence[Link]) -> list[Link] | None:
    """The links in the order of the boxes if each box has just one, to the next box; None if not so."""
    if len(links) != len(boxes) - 1:
        return None
    by_source = {link.source: link for link in links}
    ordered: list[Link] = []
    for index in range(len(boxes) - 1):
        link = by_source.get(boxes[index].id)
        if link is None or link.target != boxes[index + 1].id:
            return None
        ordered.append(link)
    return ordered


def place_in_column(boxes: Sequence[Box], links: Sequence[Link]) -> Placement:
    """Boxes on one axis, in their order; `links` as `chain_links` gives them."""
    width = max(box.width for box in boxes)
    places: dict[str, Point] = {}
    courses: dict[str, list[Point]] = {}
    y = 0.0
    for index, box in enumerate(boxes):
        if index:
            courses[links[index - 1].id] = straight_course((width / 2, y - RANK_GAP), (width / 2, y))
        places[box.id] = ((width - box.width) / 2, y)
        y += box.height + RANK_GAP
    return Placement(places, courses, width, y - RANK_GAP)
