"""The scene: one picture at a time, painted by layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, QRectF
from PySide6.QtWidgets import QGraphicsScene

from jitviewer.protocol.rows import CanvasEdge, CanvasItem, NodeTime
from jitviewer.ui.canvas.box_painter import BoxPainter
from jitviewer.ui.canvas.brushes import Brushes
from jitviewer.ui.canvas.costs import TIME, Cost
from jitviewer.ui.canvas.edge_labels import EdgeLabelLayer
from jitviewer.ui.canvas.edge_words import edge_tip
from jitviewer.ui.canvas.failure_layer import FailureLayer
from jitviewer.ui.canvas.found_layer import FoundLayer
from jitviewer.ui.canvas.highlight_layer import HighlightLayer
from jitviewer.ui.canvas.layers import (
    BoxLayer,
    ContainerLayer,
    EdgeLayer,
    Layer,
    SelectionLayer,
    TimeLayer,
)
from jitviewer.ui.canvas.picture import Picture, is_scope, rect_of
from jitviewer.ui.theme import Theme

_FARTHEST_REACH = 20.0


class GraphScene(QGraphicsScene):
    """Shows a `CanvasView`. Attributes: `picture`, what is shown."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Four items that paint everything need no index of items.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._brushes = self.make_brushes(theme)
        self._times: Mapping[int, NodeTime] = {}
        self._cost = TIME
        self._nodes: tuple[int, ...] = ()
        self._picked = ""
        self._found_nodes: frozenset[int] = frozenset()
        self._failed_node = -1
        self._layers: list[Layer] = []
        self._observed: Mapping[str, str] = {}
        self._shows_types = True
        self.picture = Picture()
        nothing = BoxPainter(self.picture, self._brushes)
        self._highlight = HighlightLayer(nothing, 5.0)
        self.set_picture(self.picture)

    def make_brushes(self, theme: Theme) -> Brushes:
        """The colours of a theme; a scene whose categories are no operator groups has others."""
        return Brushes(theme)

    def more_layers(self, painter: BoxPainter) -> list[Layer]:
        """Layers that a scene has besides."""
        return []

    def set_picture(self, picture: Picture) -> None:
        """Show another picture; times and selection are carried over."""
        for layer in self._layers:
            self.removeItem(layer)
        self.picture = picture
        self.picture.set_times(self._times, self._cost)
        painter = BoxPainter(self.picture, self._brushes)
        lit = self._highlight.items, self._highlight.edges
        self._selection = SelectionLayer(painter, 6.0, edges_height=3.5)
        self._labels = EdgeLabelLayer(painter, 3.0, self._observed)
        self._labels.setVisible(self._shows_types)
        self._highlight = HighlightLayer(painter, 5.0)
        self._highlight.set_highlighted(*lit)
        self._found = FoundLayer(painter, 5.5)
        self._found.set_found(self._found_nodes)
        self._failure = FailureLayer(painter, 5.7)
        self._failure.set_failed(self._failed_node)
        self._layers = [
            ContainerLayer(painter, 0.0), EdgeLayer(painter, 1.0), BoxLayer(painter, 2.0), self._labels,
            self._selection.edges, TimeLayer(painter, 4.0), self._highlight, self._found,
            self._failure, self._selection,
        ]  # fmt: skip
        self._layers += self.more_layers(painter)
        for layer in self._layers:
            self.addItem(layer)
        self.setSceneRect(self.picture.bounds)
        picked = self.picture.by_id.get(self._picked)
        self._selection.set_selected([picked] if picked is not None else picture.items_of(self._nodes))

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of this theme."""
        self._brushes = self.make_brushes(theme)
        for layer in self._layers:
            layer.boxes.brushes = self._brushes
            layer.forget()

    def set_times(self, times: Mapping[int, NodeTime], cost: Cost = TIME) -> None:
        """Paint on the items what they cost."""
        self._times, self._cost = times, cost
        self.picture.set_times(times, cost)
        for layer in self._layers:
            layer.forget()

    def set_observed(self, observed: Mapping[str, str]) -> None:
        """Write these types beside the edges."""
        self._observed = observed
        self._labels.set_observed(observed)

    def show_types(self, is_shown: bool) -> None:
        """Write types beside the edges, or do not."""
        self._shows_types = is_shown
        self._labels.setVisible(is_shown)

    def label_of(self, edge: CanvasEdge) -> str:
        """What is written beside an edge, "" for nothing."""
        return self._labels.label_of(edge) if self._shows_types else ""

    def tip_of(self, edge: CanvasEdge) -> str:
        """All that is known of an edge."""
        return edge_tip(edge, self._observed)

    def set_highlighted(self, items: Sequence[str], edges: Sequence[str]) -> None:
        """Veil everything but these; nothing if there are none."""
        self._highlight.set_highlighted(items, edges)

    def set_found(self, nodes: Iterable[int]) -> None:
        """Outline what a search found."""
        self._found_nodes = frozenset(nodes)
        self._found.set_found(self._found_nodes)

    def set_failed(self, node: int) -> None:
        """Outline where a run failed; -1 for nowhere."""
        self._failed_node = node
        self._failure.set_failed(node)

    @property
    def failed_item(self) -> CanvasItem | None:
        """What is outlined as the place of a failure."""
        return self._failure.item

    @property
    def found_boxes(self) -> list[str]:
        """The ids of the boxes, closed frames among them, whose nodes a search found."""
        return [name for name, item in self._found.items.items() if not item.is_open]

    @property
    def highlighted(self) -> frozenset[str]:
        """Ids of the items that are highlighted."""
        return self._highlight.items

    @property
    def chosen_edge(self) -> CanvasEdge | None:
        """The edge that is chosen."""
        return self._selection.edge

    def choose_edge(self, edge: CanvasEdge | None) -> None:
        """Draw an edge as the chosen one."""
        self._selection.set_edge(edge)

    def select_nodes(self, nodes: Sequence[int]) -> list[CanvasItem]:
        """Outline the items that show these nodes; gives the items."""
        self._nodes = tuple(nodes)
        self._picked = ""
        self._selection.set_edge(None)
        items = self.picture.items_of(nodes)
        self._selection.set_selected(items)
        return items

    def select_item(self, item: CanvasItem) -> None:
        """Outline an item that was clicked, whatever nodes it stands for."""
        self._nodes = tuple(item.node_ids) if is_scope(item) else tuple(item.node_ids[:1])
        self._picked = item.id
        self._selection.set_edge(None)
        self._selection.set_selected([item])

    def select_items(self, items: Sequence[CanvasItem]) -> None:
        """Outline several items, whatever nodes they stand for."""
        self._nodes, self._picked = (), ""
        self._selection.set_edge(None)
        self._selection.set_selected([*items])

    def selected_items(self) -> list[CanvasItem]:
        """The outlined items."""
        return self._selection.selected

    def selected_rect(self) -> QRectF:
        """The rectangle around the outlined items, null if there are none."""
        rect = QRectF()
        for item in self._selection.selected:
            rect = rect.united(rect_of(item))
        return rect

    def hover(self, item: CanvasItem | None) -> None:
        """Outline the item under the mouse."""
        self._selection.set_hovered(item)

    def edge_near(self, x: float, y: float, reach: float) -> CanvasEdge | None:
        """The edge that passes within `reach` scene pixels of a point, the nearest one.

        None from so far away that most edges would be within reach.
        """
        if reach > _FARTHEST_REACH:
            return None
        return self.picture.courses.nearest(x, y, reach)
