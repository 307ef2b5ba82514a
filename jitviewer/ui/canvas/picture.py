"""What the canvas shows, prepared for painting and for questions: the rows with their indexes."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QRectF

from jitviewer.protocol.rows import CanvasEdge, CanvasItem, CanvasView, NodeTime
from jitviewer.ui.canvas.costs import TIME, Cost
from jitviewer.ui.canvas.edge_courses import EdgeCourses, bounds_of
from jitviewer.ui.canvas.far_tiles import Tiles
from jitviewer.ui.canvas.spatial_index import SpatialIndex

HEADER = 30.0
"""Height of the header of an open container, in scene pixels."""

_MANY = 400

_AT_A_PLACE = 8
"""Values that leave a box at the same place and may have a label there: it has room for one."""


class Picture:
    """One canvas with what is asked of it often. It is built in parts, so that no part holds the window up.

    `containers` and `boxes` are the items that are open frames, and all the others, parents first;
    `depth` the nesting of each item; `courses` the edges and where they run; `box_tiles` and `edge_tiles`
    what is painted from afar; `starts` the places where values leave a box, and `start_edges` the number of
    the first edge of the value at each, a few values to a place; times of items are microseconds per run.
    """

    def __init__(self, view: CanvasView | None = None) -> None:
        self.bounds = QRectF()
        self.items: list[CanvasItem] = []
        self.containers: list[CanvasItem] = []
        self.boxes: list[CanvasItem] = []
        self.by_id: dict[str, CanvasItem] = {}
        self.depth: dict[str, int] = {}
        self._shower: dict[int, CanvasItem] = {}
        self.box_index = SpatialIndex()
        self.container_index = SpatialIndex()
        self.courses = EdgeCourses()
        self.starts = SpatialIndex()
        self.start_edges = array("l")
        self._started: set[tuple[str, str]] = set()
        self._started_at: dict[tuple[float, float], int] = {}
        self._blocks: dict[str, list[CanvasItem]] = {}
        self.box_tiles: Tiles[CanvasItem] = Tiles()
        self.edge_tiles: Tiles[CanvasEdge] = Tiles()
        self.heat: dict[str, float] = {}
        self.cost = TIME
        self.most = self.total = 0.0
        # The edges of an item are a chain: its last edge, and for each edge the one before at either end.
        self._last_edge: dict[str, int] = {}
        self._before_at_source = array("l")
        self._before_at_target = array("l")
        self._categories: dict[str, None] = {}
        self._marks: set[str] = set()
        if view is not None:
            self.add(view.items, view.edges)
            self.finish(view.width, view.height)

    def add(self, items: Sequence[CanvasItem], edges: Sequence[CanvasEdge]) -> None:
        """Add a part; parents come before their children."""
        self.items += items
        for item in items:
            self._add_item(item)
        for edge in edges:
            if edge.course:
                self._add_edge(edge)

    def finish(self, width: float, height: float) -> None:
        """All parts are there."""
        self.bounds = QRectF(0, 0, width, height)
        self.courses.finish()
        self._started, self._started_at = set(), {}

    def _add_item(self, item: CanvasItem) -> None:
        self.by_id[item.id] = item
        self.depth[item.id] = self.depth.get(item.parent, -1) + 1
        bounds = (item.x, item.y, item.x + item.width, item.y + item.height)
        if item.kind == "block":
            self._blocks.setdefault(item.parent, []).append(item)
        if is_container(item):
            self.containers.append(item)
            self.container_index.add(bounds)
        else:
            self.boxes.append(item)
            self.box_index.add(bounds)
            self.box_tiles.add(item, bounds)
            if item.kind not in ("input", "output"):
                self._categories[item.category] = None
        self._marks.add(item.mark)
        for node in item.node_ids:
            # Children stand after their parents, so the innermost item that shows a node wins.
            self._shower[node] = item

    @property
    def edges(self) -> list[CanvasEdge]:
        """The edges that have a course."""
        return self.courses.edges

    def _add_edge(self, edge: CanvasEdge) -> None:
        number = len(self.edges)
        self.courses.add(edge)
        flat = edge.coordinates
        self.edge_tiles.add(edge, bounds_of(flat))
        self._add_start(number, edge, flat[0], flat[1])
        for end, before in ((edge.source, self._before_at_source), (edge.target, self._before_at_target)):
            before.append(self._last_edge.get(end, -1))
            self._last_edge[end] = number

    def _add_start(self, number: int, edge: CanvasEdge, x: float, y: float) -> None:
        if (edge.source, edge.value) in self._started:
            return
        self._started.add((edge.source, edge.value))
        others = self._started_at.get((x, y), 0)
        if others < _AT_A_PLACE:
            self._started_at[x, y] = others + 1
            self.start_edges.append(number)
            self.starts.add((x, y, x, y))

    def set_times(self, times: Mapping[int, NodeTime], cost: Cost = TIME) -> None:
        """Sum what the nodes cost that each item shows."""
        self.cost = cost
        self.heat = {}
        self.most = 0.0
        own = cost.own
        whole = cost.whole or own
        self.total = sum(own(time) for time in times.values())
        if not times:
            return
        for item in self.items:
            nodes = item.node_ids
            if len(nodes) == 1:
                # Most items, of which there may be tens of thousands while the window waits.
                time = times.get(nodes[0])
                if time is not None:
                    self.heat[item.id] = own(time) if is_scope(item) else whole(time)
                continue
            known = [times[node] for node in nodes if node in times]
            if not known:
                continue
            # A frame or block stands for all nodes inside; another item for one node and what that contains.
            inside = is_scope(item)
            is_sum = inside or cost.whole is None
            self.heat[item.id] = sum(map(own, known)) if is_sum else max(map(whole, known))
        leaves = (self.heat.get(item.id, 0.0) for item in self.boxes)
        self.most = max(leaves, default=0.0)

    def item_at(self, x: float, y: float) -> CanvasItem | None:
        """The innermost item at a point of the scene."""
        boxes = self.box_index.at(x, y)
        if boxes:
            return self.boxes[boxes[-1]]
        containers = self.container_index.at(x, y)
        return self.containers[containers[-1]] if containers else None

    def items_near(self, x: float, y: float, reach: float) -> list[CanvasItem]:
        """The boxes around a point, the nearest first; from afar, where there are many, a few of them."""
        numbers = self.box_index.within(x - reach, y - reach, x + reach, y + reach)
        if len(numbers) > _MANY:
            middle = len(numbers) // 2
            numbers = numbers[middle - _MANY // 2 : middle + _MANY // 2]
        boxes = [self.boxes[number] for number in numbers]

        def distance(item: CanvasItem) -> float:
            return abs(item.x + item.width / 2 - x) + abs(item.y + item.height / 2 - y)

        return sorted(boxes, key=distance)

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
        found: list[CanvasEdge] = []
        number = self._last_edge.get(item, -1)
        while number >= 0:
            edge = self.edges[number]
            found.append(edge)
            number = (self._before_at_source if edge.source == item else self._before_at_target)[number]
        return found[::-1]

    def blocks_of(self, item: str) -> Sequence[CanvasItem]:
        """The blocks of a control node."""
        return self._blocks.get(item, ())

    def categories(self) -> list[str]:
        """The operator groups that occur, in the order of their first item."""
        return list(self._categories)

    def marks(self) -> list[str]:
        """The marks that occur, in a fixed order."""
        return [mark for mark in ("made", "changed", "matched", "removed") if mark in self._marks]


def rect_of(item: CanvasItem) -> QRectF:
    """The rectangle of an item in the scene."""
    return QRectF(item.x, item.y, item.width, item.height)


def toggle_rect(item: CanvasItem) -> QRectF:
    """Where a click opens or closes an item."""
    return QRectF(item.x, item.y, 26.0, min(HEADER, item.height))


def is_container(item: CanvasItem) -> bool:
    """Whether an item is drawn as a frame around others."""
    return item.is_open is True or (item.kind == "block" and item.is_open is None)


def is_scope(item: CanvasItem) -> bool:
    """Whether an item stands for all nodes inside it, and for none of its own."""
    return item.kind in ("frame", "block", "repeat")
