"""Draws a graph as a canvas view: measures, lays out each open container, and puts them together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from jitcore.ir import Graph, Node
from jitcore.types import ir_text
from jitviewer.engine.canvas.categories import category_of
from jitviewer.engine.canvas.connections import ENTRY, EXIT, Connection, Connections
from jitviewer.engine.canvas.containers import Container, ContainerTree
from jitviewer.engine.canvas.folding import is_module
from jitviewer.engine.canvas.sizes import HEADER, INSET, PORT, box_size, node_words
from jitviewer.layout import Box, Link, Placement, place
from jitviewer.protocol.rows import CanvasEdge, CanvasItem, CanvasView

OPEN_ALL_UP_TO = 40
"""A graph with at most this many boxes is shown with everything open at first."""

_LayoutKey = tuple[tuple[Box, ...], tuple[tuple[str, str], ...]]


class _Laid(NamedTuple):
    container: Container
    placement: Placement
    width: float
    height: float
    inner: dict[str, _Laid]
    links: list[Connection]


class Canvas:
    """The canvas of one document: which containers are open, and layouts kept from before.

    `is_open` remembers what the person opened and closed, by container id; ids do not change when
    passes are switched, so the picture keeps its state.
    """

    def __init__(self) -> None:
        self.is_open: dict[str, bool] = {}
        self._default_open = False
        self._tree: ContainerTree | None = None
        self._layouts: dict[_LayoutKey, Placement] = {}

    def show(self, graph: Graph) -> None:
        """Draw `graph` from now on; what was open stays open."""
        self._tree = ContainerTree(graph)
        self._tree.prune()
        self._default_open = self._tree.root.visible_count <= OPEN_ALL_UP_TO

    def reset(self) -> None:
        """Forget what was open, for another method."""
        self.is_open.clear()
        self._layouts.clear()

    def toggle(self, item: str, is_open: bool) -> None:
        """Open or close a container."""
        self.is_open[item] = is_open

    def set_all(self, is_open: bool) -> None:
        """Open or close every container."""
        if self._tree is not None:
            self.is_open = dict.fromkeys(self._tree.by_id, is_open)

    def reveal(self, node_id: int) -> str:
        """Open everything around a node; gives the item that shows it ("" if there is none)."""
        if self._tree is None:
            return ""
        container = self._tree.container_of_node_id.get(node_id)
        if container is None:
            return ""
        for outer in container.chain():
            self.is_open[outer.id] = True
        return container.id if container.node is not None and container.node.id == node_id else f"n{node_id}"

    def draw(self, marks: Mapping[int, str]) -> CanvasView:
        """The picture; `marks` say of node ids what happened to them (made, changed, matched)."""
        tree = self._tree
        if tree is None:
            return CanvasView(0.0, 0.0, [], [], "Nothing to draw.")
        connections = Connections(tree, self._opened)
        laid = self._lay_out(tree.root, connections)
        view = _Assembly(marks, tree)
        view.add_container(laid, 0.0, 0.0)
        note = "" if view.items else "This graph has no operations."
        return CanvasView(laid.width, laid.height, view.items, view.edges, note)

    def _opened(self, container: Container) -> bool:
        if container.kind == "root":
            return True
        known = self.is_open.get(container.id)
        if known is not None:
            return known
        # Blocks open with their control node; a control node that holds little shows it at once.
        if container.kind == "block" or self._default_open:
            return True
        return container.kind == "control" and container.visible_count <= OPEN_ALL_UP_TO

    def _lay_out(self, container: Container, connections: Connections) -> _Laid:
        inner: dict[str, _Laid] = {}
        boxes: list[Box] = []
        links = connections.of(container)
        used = {end for link in links for end in (link.source, link.target)}
        if container.kind == "root":
            for value in container.block.inputs if container.block else []:
                if f"in{value.offset}" in used or not is_module(value):
                    width, height = box_size(f"%{value.name}", ir_text(value.type)[:40])
                    boxes.append(Box(f"in{value.offset}", width, height, "first"))
        elif f"{container.id}:{ENTRY}" in used:
            boxes.append(Box(f"{container.id}:{ENTRY}", PORT, PORT, "first"))
        for child in container.children:
            if isinstance(child, Node):
                boxes.append(Box(f"n{child.id}", *box_size(*node_words(child))))
            elif self._opened(child):
                laid = self._lay_out(child, connections)
                inner[child.id] = laid
                boxes.append(Box(child.id, laid.width, laid.height))
            else:
                boxes.append(Box(child.id, *box_size(child.label, child.detail)))
        if f"{container.id}:{EXIT}" in used:
            size = box_size("return", "") if container.kind == "root" else (PORT, PORT)
            boxes.append(Box(f"{container.id}:{EXIT}", *size, "last"))
        placement = self._place(boxes, links)
        header = 0.0 if container.kind == "root" else HEADER
        title = box_size(container.label, container.detail)[0] + 24 if container.kind != "root" else 0.0
        width = max(placement.width + 2 * INSET, title)
        return _Laid(container, placement, width, placement.height + 2 * INSET + header, inner, links)

    def _place(self, boxes: list[Box], links: list[Connection]) -> Placement:
        key = (tuple(boxes), tuple((link.source, link.target) for link in links))
        known = self._layouts.get(key)
        if known is None:
            known = place(boxes, [Link(str(i), c.source, c.target) for i, c in enumerate(links)])
            self._layouts[key] = known
        return known


class _Assembly:
    """Collects items and edges in scene coordinates while walking the laid out containers."""

    def __init__(self, marks: Mapping[int, str], tree: ContainerTree) -> None:
        self.items: list[CanvasItem] = []
        self.edges: list[CanvasEdge] = []
        self._marks = marks
        self._tree = tree

    def add_container(self, laid: _Laid, x: float, y: float) -> None:
        """Add what stands in a container whose top left corner is (x, y); the container itself is there."""
        container = laid.container
        header = 0.0 if container.kind == "root" else HEADER
        left = x + (laid.width - laid.placement.width) / 2
        top = y + header + INSET
        children = {_id(child): child for child in container.children}
        for item, (box_x, box_y) in laid.placement.boxes.items():
            self._add_item(laid, item, children.get(item), left + box_x, top + box_y)
        for index, link in enumerate(laid.links):
            points = [(left + px, top + py) for px, py in laid.placement.links[str(index)]]
            value = link.values[0]
            more = f" +{len(link.values) - 1}" if len(link.values) > 1 else ""
            edge_id = f"{container.id}|{link.source}>{link.target}"
            self.edges.append(
                CanvasEdge(
                    edge_id, link.source, link.target, points, f"%{value.name}{more}", ir_text(value.type)
                )
            )

    def _add_item(self, laid: _Laid, item: str, child: Container | Node | None, x: float, y: float) -> None:
        parent = laid.container.id
        if isinstance(child, Node):
            label, detail = node_words(child)
            width, height = box_size(label, detail)
            mark = self._marks.get(child.id, "")
            self.items.append(
                CanvasItem(
                    item, parent, "node", label, detail, x, y, width, height, [child.id],
                    category_of(child.kind), None, mark,
                )
            )  # fmt: skip
            return
        if isinstance(child, Container):
            self._add_container_item(laid, child, x, y)
            return
        self._add_port(laid, item, x, y)

    def _add_container_item(self, laid: _Laid, child: Container, x: float, y: float) -> None:
        inner = laid.inner.get(child.id)
        width, height = (inner.width, inner.height) if inner else box_size(child.label, child.detail)
        category = category_of(child.node.kind) if child.node is not None else "other"
        label = child.label.partition("::")[2] if child.kind == "control" else child.label
        self.items.append(
            CanvasItem(
                child.id, laid.container.id, child.kind, label, child.detail, x, y, width, height,
                child.node_ids, category, inner is not None, self._mark_of(child, inner is not None),
            )
        )  # fmt: skip
        if inner is not None:
            self.add_container(inner, x, y)

    def _mark_of(self, container: Container, is_open: bool) -> str:
        if is_open:
            return self._marks.get(container.node.id, "") if container.node is not None else ""
        inside = {self._marks[n] for n in container.node_ids if n in self._marks}
        return next((mark for mark in ("made", "changed", "matched") if mark in inside), "")

    def _add_port(self, laid: _Laid, item: str, x: float, y: float) -> None:
        container = laid.container
        kind = "output" if item.endswith(f":{EXIT}") else "input"
        label = detail = ""
        width = height = PORT
        if container.kind == "root":
            if kind == "output":
                label = "return"
            else:
                value = self._tree.graph.inputs[int(item[2:])]
                label, detail = f"%{value.name}", ir_text(value.type)[:40]
            width, height = box_size(label, detail)
        self.items.append(
            CanvasItem(item, container.id, kind, label, detail, x, y, width, height, [], "io", None, "")
        )


def _id(child: Container | Node) -> str:
    return child.id if isinstance(child, Container) else f"n{child.id}"
