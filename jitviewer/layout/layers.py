"""A layered layout for containers that are too big for `dot`: about linear in boxes and links.

Boxes stand in the layer after their latest predecessor (longest path), in a layer they are ordered
by the mean place of their predecessors, and layers are centred on one axis. A link to the next layer
is drawn between the two; a longer one leaves to a lane beside the boxes and comes back.
"""

from __future__ import annotations

from collections.abc import Sequence

from jitviewer.layout.boxes import RANK_GAP, SIDE_GAP, Box, Link, Placement, Point, straight_course
from jitviewer.layout.lanes import Rows, choose_lanes, course_by_lane

MAX_ROW = 40
"""Boxes side by side; a longer layer is wrapped onto several rows, so that the picture stays legible."""


def place_in_layers(boxes: Sequence[Box], links: Sequence[Link]) -> Placement:
    """Positions for any number of boxes."""
    if not boxes:
        return Placement({}, {}, 0.0, 0.0)
    sizes = {box.id: box for box in boxes}
    order = {box.id: index for index, box in enumerate(boxes)}
    places, rows = _place_rows(_ordered_rows(layers_of(boxes, links), links, order, sizes), sizes)
    widest = max(right for _, right in (_extent(ids, places, sizes) for ids in rows.ids))
    lanes = choose_lanes(links, rows, -widest, widest)
    left = min([-widest, *lanes.values()])
    right = max([widest, *lanes.values()])
    courses: dict[str, list[Point]] = {}
    for link in links:
        (sx, sy), (tx, ty) = places[link.source], places[link.target]
        source, target = sizes[link.source], sizes[link.target]
        start = (sx - left + source.width / 2, sy + source.height)
        end = (tx - left + target.width / 2, ty)
        lane = lanes.get(link.id)
        courses[link.id] = (
            _course_to_next_row(start, end, rows.bottoms[rows.of_box[link.source]])
            if lane is None
            else course_by_lane(start, end, lane - left, rows, link)
        )
    shifted = {box_id: (x - left, y) for box_id, (x, y) in places.items()}
    return Placement(shifted, courses, right - left, rows.bottoms[-1])


def _course_to_next_row(start: Point, end: Point, bottom: float) -> list[Point]:
    # Down to the end of the row first: what stands beside the source may be much taller.
    third = (bottom - start[1]) / 3
    down = [start, (start[0], start[1] + third), (start[0], bottom - third)] if third > 1.0 else []
    return [*down, *straight_course((start[0], bottom if down else start[1]), end)]


def layers_of(boxes: Sequence[Box], links: Sequence[Link]) -> list[list[str]]:
    """Ids of the boxes layer by layer, in the order of `boxes` within each."""
    order = {box.id: index for index, box in enumerate(boxes)}
    # A link against the order of the boxes closes a cycle at most; it does not count for the layers.
    before: dict[str, list[str]] = {}
    for link in links:
        if order[link.source] < order[link.target]:
            before.setdefault(link.target, []).append(link.source)
    has_first = any(box.rank == "first" for box in boxes)
    depth: dict[str, int] = {box.id: 0 for box in boxes if box.rank == "first"}
    last: list[str] = []
    for box in boxes:
        if box.rank == "first":
            continue
        if box.rank == "last":
            last.append(box.id)
            continue
        known = [depth[p] for p in before.get(box.id, ()) if p in depth]
        depth[box.id] = max(known) + 1 if known else int(has_first)
    layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for box_id, at in depth.items():
        layers[at].append(box_id)
    if last:
        layers.append(last)
    return [layer for layer in layers if layer]


def _ordered_rows(
    layers: list[list[str]], links: Sequence[Link], order: dict[str, int], sizes: dict[str, Box]
) -> list[list[str]]:
    predecessors: dict[str, list[str]] = {}
    for link in links:
        if link.source != link.target:
            predecessors.setdefault(link.target, []).append(link.source)
    centres: dict[str, float] = {}

    def wanted(box_id: str) -> tuple[float, int]:
        known = [centres[p] for p in predecessors.get(box_id, ()) if p in centres]
        return (sum(known) / len(known) if known else 0.0, order[box_id])

    rows: list[list[str]] = []
    for layer in layers:
        layer.sort(key=wanted)
        for start in range(0, len(layer), MAX_ROW):
            row = layer[start : start + MAX_ROW]
            x = -_length(row, sizes) / 2
            for box_id in row:
                centres[box_id] = x + sizes[box_id].width / 2
                x += sizes[box_id].width + SIDE_GAP
            rows.append(row)
    return rows


def _place_rows(ids: list[list[str]], sizes: dict[str, Box]) -> tuple[dict[str, Point], Rows]:
    places: dict[str, Point] = {}
    tops: list[float] = []
    bottoms: list[float] = []
    y = 0.0
    for row in ids:
        x = -_length(row, sizes) / 2
        for box_id in row:
            places[box_id] = (x, y)
            x += sizes[box_id].width + SIDE_GAP
        tops.append(y)
        bottoms.append(y + max(sizes[box_id].height for box_id in row))
        y = bottoms[-1] + RANK_GAP
    return places, Rows(ids, tops, bottoms)


def _length(row: list[str], sizes: dict[str, Box]) -> float:
    return sum(sizes[box_id].width for box_id in row) + SIDE_GAP * (len(row) - 1)


def _extent(row: list[str], places: dict[str, Point], sizes: dict[str, Box]) -> tuple[float, float]:
    return places[row[0]][0], places[row[-1]][0] + sizes[row[-1]].width
