"""Puts laid out containers together: items and edges in scene coordinates."""

from __future__ import annotations

from collections.abc import Mapping

from jitcore.ir import Node
from jitcore.types import Type, ir_text
from jitviewer.engine.canvas.categories import category_of, leading_category
from jitviewer.engine.canvas.connections import EXIT, Connection
from jitviewer.engine.canvas.containers import Container, ContainerTree
from jitviewer.engine.canvas.measuring import Laid, input_words
from jitviewer.engine.canvas.sizes import PORT, TOGGLE, box_size
from jitviewer.protocol.bounds import LABEL, NAME, VALUES, cut
from jitviewer.protocol.rows import CanvasEdge, CanvasItem, course_of

_MARKS = ("made", "changed", "matched")
"""What a closed container shows of the marks inside it: the first that is there."""


class Assembly:
    """Collects `items` and `edges` while walking the laid out containers."""

    def __init__(self, marks: Mapping[int, str], tree: ContainerTree) -> None:
        self.items: list[CanvasItem] = []
        self.edges: list[CanvasEdge] = []
        self._marks = marks
        self._tree = tree
        self._inside: dict[str, set[str]] = {}
        self._types: dict[Type, str] = {}

    def add_container(self, laid: Laid, x: float, y: float) -> None:
        """Add what stands in a container whose top left corner is (x, y); the container itself is there."""
        container = laid.container
        left = x + (laid.width - laid.placement.width) / 2
        top = y + laid.top
        children = {_id(child): child for child in container.children}
        for item, (box_x, box_y) in laid.placement.boxes.items():
            child = children.get(item)
            if child is None:
                self._add_port(laid, item, left + box_x, top + box_y)
            elif isinstance(child, Node):
                self._add_node(container, child, left + box_x, top + box_y)
            else:
                self._add_container_item(laid, child, left + box_x, top + box_y)
        for index, link in enumerate(laid.links):
            points = [(left + px, top + py) for px, py in laid.placement.links[str(index)]]
            first, *more = link.values
            self.edges.append(
                CanvasEdge(
                    edge_id(container, link), link.source, link.target, course_of(points),
                    cut(f"%{first.name}", NAME), self._type_text(first.type),
                    [cut(f"%{value.name}", NAME) for value in more[:VALUES]],
                )
            )  # fmt: skip

    def _type_text(self, of: Type) -> str:
        """The type beside an edge: written once, for many edges may have one that is long."""
        known = self._types.get(of)
        if known is None:
            known = self._types[of] = cut(ir_text(of), LABEL)
        return known

    def _add_node(self, container: Container, node: Node, x: float, y: float) -> None:
        label, detail = self._tree.words_of(node)
        width, height = box_size(label, detail)
        ids = [node.id, *(inner.id for inner in self._tree.folded_into(node))]
        mark = self._marks.get(node.id, "")
        if not mark and any(inner in self._marks for inner in ids):
            mark = "changed"
        self.items.append(
            CanvasItem(
                f"n{node.id}", container.id, "node", label, detail, x, y, width, height, ids,
                category_of(node.kind), None, mark,
            )
        )  # fmt: skip

    def _add_container_item(self, laid: Laid, child: Container, x: float, y: float) -> None:
        inner = laid.inner.get(child.id)
        width, height = (inner.width, inner.height) if inner else box_size(child.label, child.detail, TOGGLE)
        category = self._category(child)
        self.items.append(
            CanvasItem(
                child.id, laid.container.id, child.kind, child.label, child.detail, x, y, width, height,
                child.node_ids, category, inner is not None, self._mark_of(child, inner is not None),
            )
        )  # fmt: skip
        if inner is not None:
            self.add_container(inner, x, y)

    def _category(self, container: Container) -> str:
        if container.node is not None:
            return category_of(container.node.kind)
        return leading_category(self._categories_inside(container))

    def _categories_inside(self, container: Container) -> set[str]:
        known = self._inside.get(container.id)
        if known is None:
            known = self._inside[container.id] = set()
            for child in container.children:
                if isinstance(child, Container):
                    known |= self._categories_inside(child)
                else:
                    known.add(category_of(child.kind))
        return known

    def _mark_of(self, container: Container, is_open: bool) -> str:
        if is_open:
            return self._marks.get(container.node.id, "") if container.node is not None else ""
        if not self._marks:
            return ""
        inside = {self._marks[n] for n in container.node_ids if n in self._marks}
        return next((mark for mark in _MARKS if mark in inside), "")

    def _add_port(self, laid: Laid, item: str, x: float, y: float) -> None:
        container = laid.container
        kind = "output" if item.endswith(f":{EXIT}") else "input"
        label = detail = ""
        width = height = PORT
        if container.kind == "root":
            if kind == "output":
                label = "return"
            else:
                label, detail = input_words(self._tree.graph.inputs[int(item[2:])])
            width, height = box_size(label, detail)
        self.items.append(
            CanvasItem(item, container.id, kind, label, detail, x, y, width, height, [], "io", None, "")
        )


def edge_id(container: Container, link: Connection) -> str:
    """What the edge of a link inside a container is called."""
    return f"{container.id}|{link.source}>{link.target}"


def _id(child: Container | Node) -> str:
    return child.id if isinstance(child, Container) else f"n{child.id}"
