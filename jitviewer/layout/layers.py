"""A layered layout for containers that are too big for `dot`: linear in boxes and links.

Boxes stand in the layer after their latest predecessor (longest path), in a layer they are ordered
by the mean place of their predecessors, and layers are centred on one axis.
"""

from __future__ import annotations

from collections.abc import Sequence

import networkx

from jitviewer.layout.boxes import Box, Link, Placement, Point

GAP_X = 16.0
GAP_Y = 26.0
MAX_LAYER = 40
"""Boxes side by side; a longer layer is wrapped onto several rows, so that the picture stays legible."""


def place_in_layers(boxes: Sequence[Box], links: Sequence[Link]) -> Placement:
    """Positions for any number of boxes; links are single vertical S curves."""
    order = {box.id: index for index, box in enumerate(boxes)}
    sizes = {box.id: box for box in boxes}
    layers = _layers(boxes, links, order)
    predecessors: dict[str, list[str]] = {box.id: [] for box in boxes}
    for link in links:
        if link.source != link.target:
            predecessors[link.target].append(link.source)
    centres: dict[str, float] = {}
    places: dict[str, Point] = {}
    y = 0.0
    widest = 0.0
    for layer in layers:

        def wanted(box_id: str) -> tuple[float, int]:
            known = [centres[p] for p in predecessors[box_id] if p in centres]
            return (sum(known) / len(known) if known else 0.0, order[box_id])

        layer.sort(key=wanted)
        for start in range(0, len(layer), MAX_LAYER):
            row = layer[start : start + MAX_LAYER]
            width = sum(sizes[b].width for b in row) + GAP_X * (len(row) - 1)
            x = -width / 2
            for box_id in row:
                places[box_id] = (x, y)
                centres[box_id] = x + sizes[box_id].width / 2
                x += sizes[box_id].width + GAP_X
            widest = max(widest, width)
            y += max(sizes[b].height for b in row) + GAP_Y
    shift = widest / 2
    places = {box_id: (x + shift, y) for box_id, (x, y) in places.items()}
    courses = {link.id: _curve(places, sizes, link) for link in links}
    return Placement(places, courses, widest, max(0.0, y - GAP_Y))


def _layers(boxes: Sequence[Box], links: Sequence[Link], order: dict[str, int]) -> list[list[str]]:
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(box.id for box in boxes)
    # A link against the order of the boxes closes a cycle at most; it does not count for the layers.
    graph.add_edges_from((e.source, e.target) for e in links if order[e.source] < order[e.target])
    layers: list[list[str]] = []
    first = [box.id for box in boxes if box.rank == "first"]
    last = {box.id for box in boxes if box.rank == "last"}
    depth: dict[str, int] = dict.fromkeys(first, 0)
    for box in boxes:
        if box.rank:
            continue
        before = [depth[p] for p in graph.predecessors(box.id) if p in depth]
        depth[box.id] = max(before) + 1 if before else (1 if first else 0)
    for box_id, at in depth.items():
        while len(layers) <= at:
            layers.append([])
        layers[at].append(box_id)
    if last:
        layers.append([box.id for box in boxes if box.id in last])
    return [layer for layer in layers if layer]


def _curve(places: dict[str, Point], sizes: dict[str, Box], link: Link) -> list[Point]:
    x0, y0 = places[link.source]
    x1, y1 = places[link.target]
    start = (x0 + sizes[link.source].width / 2, y0 + sizes[link.source].height)
    end = (x1 + sizes[link.target].width / 2, y1)
    bend = max(12.0, (end[1] - start[1]) / 2)
    return [start, (start[0], start[1] + bend), (end[0], end[1] - bend), end]
