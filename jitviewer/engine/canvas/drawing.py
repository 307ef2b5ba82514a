"""The canvas of one document: what is open on it, and its picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jitcore.ir import Graph, Node
from jitviewer.engine.canvas.assembly import Assembly
from jitviewer.engine.canvas.connections import Connections
from jitviewer.engine.canvas.containers import Container, ContainerTree
from jitviewer.engine.canvas.layout_cache import LayoutCache
from jitviewer.engine.canvas.measuring import Laid, lay_out
from jitviewer.engine.canvas.opening import Opening
from jitviewer.engine.canvas.options import Options
from jitviewer.engine.canvas.pausing import collector_paused
from jitviewer.engine.canvas.repeats import RepeatMerger
from jitviewer.protocol.place import DocumentPlace
from jitviewer.protocol.rows import CanvasView


class Canvas:
    """Draws the graph it was last shown; remembers which containers are open, and layouts from before."""

    def __init__(self) -> None:
        self._opening = Opening()
        self._options = Options()
        self._graph: Graph | None = None
        self._tree: ContainerTree | None = None
        self._connections: Connections | None = None
        self._layouts = LayoutCache()
        self._laid: dict[str, Laid] = {}

    @property
    def tree(self) -> ContainerTree | None:
        """The containers of the shown graph."""
        return self._tree

    @collector_paused()
    def show(self, graph: Graph) -> None:
        """Draw `graph` from now on; what was open stays open."""
        self._graph = graph
        self._tree = ContainerTree(graph, self._options)
        if self._options.merges_repeats:
            RepeatMerger(self._tree, self._options.unrolled).merge_in(self._tree.root)
        self._connections = None
        self._laid.clear()
        self._opening.meet(self._tree)

    def reset(self) -> None:
        """Forget what was open, for another method."""
        self._opening.clear()
        self._options = self._options._replace(with_constants=frozenset(), unrolled=frozenset())

    def choose(self, shows_constants: bool, merges_repeats: bool) -> None:
        """Give every constant a box or none; show equal parts once or each time."""
        self._change(Options(shows_constants=shows_constants, merges_repeats=merges_repeats))

    def show_constants_of(self, item: str, is_shown: bool) -> None:
        """Give the constants of one node boxes of their own, or fold them again."""
        if item.startswith("n") and item[1:].isdigit():
            known, node = self._options.with_constants, frozenset({int(item[1:])})
            self._change(self._options._replace(with_constants=known | node if is_shown else known - node))

    def unroll(self, item: str) -> None:
        """Show every part of a repeat."""
        self._change(self._options._replace(unrolled=self._options.unrolled | {item}))

    def restore(self, place: DocumentPlace) -> None:
        """Have things as they were when they were last seen, from the next `show` on."""
        self._options = Options(shows_constants=place.shows_constants, merges_repeats=place.merges_repeats)
        for item, is_open in place.items.items():
            self._opening.set([item], is_open)

    def toggle(self, item: str, is_open: bool) -> None:
        """Open or close a container; the blocks of a control node open with it."""
        container = self._tree.by_id.get(item) if self._tree is not None else None
        if container is None:
            return
        blocks = container.children if container.kind == "control" and is_open else []
        self._set([container, *(b for b in blocks if isinstance(b, Container))], is_open)

    def set_all(self, is_open: bool) -> None:
        """Open or close every container."""
        if self._tree is not None:
            self._set(self._tree.by_id.values(), is_open)

    def reveal(self, node_id: int) -> str:
        """Open everything around a node; gives the item that shows it ("" if there is none).

        A constant or an attribute read has no box: it is shown by what uses it, and a part of a repeat that
        is not shown by the repeat."""
        if self._tree is None:
            return ""
        node = self._tree.shown_as(node_id)
        if node is None:
            return ""
        home = self._tree.home[node]
        around = home.chain()[:-1] if home.node is node else home.chain()
        hidden = next((at for at, outer in enumerate(around) if outer.is_hidden), None)
        if hidden is not None:
            self._set(around[: hidden - 1], is_open=True)
            return around[hidden - 1].id
        self._set(around, is_open=True)
        return f"n{node.id}"

    def shown_item(self, node: Node) -> str:
        """The item that shows a visible node as things are open now."""
        assert self._tree is not None
        home = self._tree.home[node]
        for outer in home.chain():
            if outer.is_hidden:
                assert outer.parent is not None
                return outer.parent.id
            if outer.node is node or not self._opening(outer):
                return outer.id
        return f"n{node.id}"

    def is_open(self, container: Container) -> bool:
        """Whether what stands in a container is shown, if the container is."""
        return self._opening(container) and not container.is_hidden

    @collector_paused()
    def draw(self, marks: Mapping[int, str]) -> CanvasView:
        """The picture; `marks` say of node ids what happened to them (made, changed, matched)."""
        tree = self._tree
        if tree is None:
            return CanvasView(0.0, 0.0, [], [], "Nothing to draw.")
        if self._connections is None:
            self._connections = Connections(tree)
        laid = lay_out(tree.root, self._connections, self._opening, self._layouts, self._laid)
        view = Assembly(marks, tree)
        view.add_container(laid, 0.0, 0.0)
        note = "" if view.items else "This graph has no operations."
        return CanvasView(
            laid.width, laid.height, view.items, view.edges, note,
            self._options.shows_constants, self._options.merges_repeats,
        )  # fmt: skip

    def _change(self, options: Options) -> None:
        if options != self._options:
            self._options = options
            if self._graph is not None:
                self.show(self._graph)

    def _set(self, containers: Iterable[Container], is_open: bool) -> None:
        chosen = list(containers)
        self._opening.set([container.id for container in chosen], is_open)
        for container in chosen:
            for around in container.chain():
                self._laid.pop(around.id, None)
