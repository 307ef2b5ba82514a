"""What the canvas shows, prepared for painting and for questions: the rows with their indexes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QRectF

from jitviewer.protocol.rows import CanvasEdge, CanvasItem, CanvasView, NodeTime
from jitviewer.ui.canvas.spatial_index import SpatialIndex

HEADER = 30.0
"""Height of the header of an open container, in scene pixels."""


class Picture:
    """One `CanvasView` with what is asked of it often.

    `containers` and `boxes` are the items that are open frames, and all the others, parents first;
    `depth` the nesting of each item; times of items are microseconds per run.
    """

    def __init__(self, view: CanvasView) -> None:
        self.view = view
        self.bounds = QRectF(0, 0, view.width, view.height)
        self.containers: list[CanvasItem] = []
        self.boxes: list[CanvasItem] = []
        self.by_id: dict[str, CanvasItem] = {}
        self.depth: dict[str, int] = {}
        self._shower: dict[int, CanvasItem] = {}
        for item in view.items:
            self.by_id[item.id] = item
            self.depth[item.id] = self.depth.get(item.parent, -1) + 1
            (self.containers if is_container(item) else self.boxes).append(item)
            for node in item.node_ids:
                # Children stand after their parents, so the innermost item that shows a node wins.
                self._shower[node] = item
        self.box_index = SpatialIndex(_bounds(item) for item in self.boxes)
        self.container_index = SpatialIndex(_bounds(item) for item in self.containers)
        self.edges: list[CanvasEdge] = [edge for edge in view.edges if edge.points]
        self.edge_index = SpatialIndex(_edge_bounds(edge) for edge in self.edges)
        self._edges_of: dict[str, list[int]] | None = None
        self.heat: dict[str, float] = {}
        self.longest_us = self.total_us = 0.0

    def set_times(self, times: Mapping[int, NodeTime]) -> None:
        """Sum the times of the nodes that each item shows."""
        self.heat = {}
        self.longest_us = 0.0
        self.total_us = sum(time.self_us for time in times.values())
        if not times:
            return
        for item in self.view.items:
            known = [times[node] for node in item.node_ids if node in times]
            if not known:
                continue
            # A frame or block stands for all nodes inside; another item for one node and what that contains.
            inside = item.kind in ("frame", "block")
            spent = sum(t.self_us for t in known) if inside else max(t.total_us for t in known)
            self.heat[item.id] = spent
        leaves = (self.heat.get(item.id, 0.0) for item in self.boxes)
        self.longest_us = max(leaves, default=0.0)

    def item_at(self, x: float, y: float) -> CanvasItem | None:
        """The innermost item at a point of the scene."""
        boxes = self.box_index.at(x, y)
        if boxes:
            return self.boxes[boxes[-1]]
        containers = self.container_index.at(x, y)
        return self.containers[containers[-1]] if containers else None

    def items_of(self, nodes: Iterable[int]) -> list[CanvasItem]:
        """The innermost items that show these nodes."""
        found: dict[str, CanvasItem] = {}
        for node in nodes:
            item = self._shower.get(node)
            if item is not None:
                found[item.id] = item
        return list(found.values())

    def edges_of(self, item: str) -> list[CanvasEdge]:
        """The edges that begin or end at an item."""
        if self._edges_of is None:
            self._edges_of = {}
            for number, edge in enumerate(self.edges):
                for end in {edge.source, edge.target}:
                    self._edges_of.setdefault(end, []).append(number)
        return [self.edges[number] for number in self._edges_of.get(item, ())]

    def categories(self) -> list[str]:
        """The operator groups that occur, in the order of their first item."""
        return list(
            dict.fromkeys(item.category for item in self.boxes if item.kind not in ("input", "output"))
        )

    def marks(self) -> list[str]:
        """The marks that occur, in a fixed order."""
        present = {item.mark for item in self.view.items}
        return [mark for mark in ("made", "changed", "matched", "removed") if mark in present]


def rect_of(item: CanvasItem) -> QRectF:
    """The rectangle of an item in the scene."""
    return QRectF(item.x, item.y, item.width, item.height)


def toggle_rect(item: CanvasItem) -> QRectF:
    """Where a click opens or closes an item."""
    return QRectF(item.x, item.y, 26.0, min(HEADER, item.height))


def is_container(item: CanvasItem) -> bool:
    """Whether an item is drawn as a frame around others."""
    return item.is_open is True or (item.kind == "block" and item.is_open is None)


def _bounds(item: CanvasItem) -> tuple[float, float, float, float]:
    return item.x, item.y, item.x + item.width, item.y + item.height


def _edge_bounds(edge: CanvasEdge) -> tuple[float, float, float, float]:
    xs = [point[0] for point in edge.points]
    ys = [point[1] for point in edge.points]
    return min(xs), min(ys), max(xs), max(ys)
