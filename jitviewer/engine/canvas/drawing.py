"""The canvas of one document: what is open on it, and its picture."""

from __future__ import annotations

from collections.abc import Mapping

from jitcore.ir import Graph
from jitviewer.engine.canvas.assembly import Assembly
from jitviewer.engine.canvas.connections import Connections
from jitviewer.engine.canvas.containers import Container, ContainerTree
from jitviewer.engine.canvas.layout_cache import LayoutCache
from jitviewer.engine.canvas.measuring import lay_out
from jitviewer.engine.canvas.opening import Opening
from jitviewer.protocol.rows import CanvasView


class Canvas:
    """Draws the graph it was last shown; remembers which containers are open, and layouts from before."""

    def __init__(self) -> None:
        self._opening = Opening()
        self._tree: ContainerTree | None = None
        self._layouts = LayoutCache()

    def show(self, graph: Graph) -> None:
        """Draw `graph` from now on; what was open stays open."""
        self._tree = ContainerTree(graph)
        self._opening.meet(self._tree)

    def reset(self) -> None:
        """Forget what was open, for another method."""
        self._opening.clear()

    def toggle(self, item: str, is_open: bool) -> None:
        """Open or close a container; the blocks of a control node open with it."""
        container = self._tree.by_id.get(item) if self._tree is not None else None
        if container is None:
            return
        blocks = container.children if container.kind == "control" and is_open else []
        self._opening.set([item, *(b.id for b in blocks if isinstance(b, Container))], is_open)

    def set_all(self, is_open: bool) -> None:
        """Open or close every container."""
        if self._tree is not None:
            self._opening.set(self._tree.by_id, is_open)

    def reveal(self, node_id: int) -> str:
        """Open everything around a node; gives the item that shows it ("" if there is none).

        A constant or an attribute read has no box: it is shown by what uses it."""
        if self._tree is None:
            return ""
        node = self._tree.shown_as(node_id)
        if node is None:
            return ""
        home = self._tree.home[node]
        around = home.chain()[:-1] if home.node is node else home.chain()
        self._opening.set([outer.id for outer in around], is_open=True)
        return f"n{node.id}"

    def draw(self, marks: Mapping[int, str]) -> CanvasView:
        """The picture; `marks` say of node ids what happened to them (made, changed, matched)."""
        tree = self._tree
        if tree is None:
            return CanvasView(0.0, 0.0, [], [], "Nothing to draw.")
        connections = Connections(tree, self._opening)
        laid = lay_out(tree.root, connections, self._opening, self._layouts)
        view = Assembly(marks, tree)
        view.add_container(laid, 0.0, 0.0)
        note = "" if view.items else "This graph has no operations."
        return CanvasView(laid.width, laid.height, view.items, view.edges, note)
