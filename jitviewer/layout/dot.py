"""Layout by Graphviz `dot`, in process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pygraphviz

from jitviewer.layout.boxes import RANK_GAP, SIDE_GAP, Box, Link, Placement, Point

POINTS_PER_INCH = 72.0
"""Graphviz gives positions in points, which are our pixels, and takes sizes in inches."""

PRECISE_UP_TO = 100_000.0
"""Pixels above which positions are off by more than one: Graphviz writes five significant digits."""


def place_with_dot(boxes: Sequence[Box], links: Sequence[Link]) -> Placement:
    """Positions by `dot`, top to bottom, in the order of `boxes` where the links leave a choice."""
    if not boxes:
        return Placement({}, {}, 0.0, 0.0)
    graph: Any = pygraphviz.AGraph(directed=True, strict=False)
    graph.graph_attr.update(
        rankdir="TB",
        nodesep=f"{SIDE_GAP / POINTS_PER_INCH:.4f}",
        ranksep=f"{RANK_GAP / POINTS_PER_INCH:.4f}",
        splines="true",
        margin="0",
    )
    graph.node_attr.update(shape="box", fixedsize="true", label="")
    graph.edge_attr.update(dir="none")
    for box in boxes:
        graph.add_node(
            box.id, width=f"{box.width / POINTS_PER_INCH:.4f}", height=f"{box.height / POINTS_PER_INCH:.4f}"
        )
    for rank, name in (("first", "source"), ("last", "sink")):
        ids = [box.id for box in boxes if box.rank == rank]
        if ids:
            graph.add_subgraph(ids, rank=name)
    for link in links:
        graph.add_edge(link.source, link.target, key=link.id)
    graph.layout(prog="dot")
    left, bottom, right, top = (float(part) for part in graph.graph_attr["bb"].split(","))
    places: dict[str, Point] = {}
    for box in boxes:
        x, y = (float(part) for part in graph.get_node(box.id).attr["pos"].split(","))
        places[box.id] = (x - left - box.width / 2, top - y - box.height / 2)
    courses = {
        link.id: _course(graph.get_edge(link.source, link.target, key=link.id).attr["pos"], left, top)
        for link in links
    }
    return Placement(places, courses, right - left, top - bottom)


def _course(text: str, left: float, top: float) -> list[Point]:
    points: list[Point] = []
    for part in text.split():
        if part[0] in "es":
            continue
        x, y = part.split(",")
        points.append((float(x) - left, top - float(y)))
    return points
