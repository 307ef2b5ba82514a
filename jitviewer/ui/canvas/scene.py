"""The scene: one picture at a time, painted by layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, QRectF
from PySide6.QtWidgets import QGraphicsScene

from jitviewer.protocol.rows import CanvasEdge, CanvasItem, NodeTime
from jitviewer.ui.canvas.box_painter import BoxPainter
from jitviewer.ui.canvas.brushes import Brushes
from jitviewer.ui.canvas.layers import (
    BoxLayer,
    ContainerLayer,
    EdgeLayer,
    Layer,
    SelectionLayer,
    TimeLayer,
    course,
)
from jitviewer.ui.canvas.picture import Picture, is_scope, rect_of
from jitviewer.ui.theme import Theme


class GraphScene(QGraphicsScene):
    """Shows a `CanvasView`. Attributes: `picture`, what is shown."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Four items that paint everything need no index of items.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._brushes = Brushes(theme)
        self._times: Mapping[int, NodeTime] = {}
        self._nodes: tuple[int, ...] = ()
        self._layers: list[Layer] = []
        self.picture = Picture()
        self.set_picture(self.picture)

    def set_picture(self, picture: Picture) -> None:
        """Show another picture; times and selection are carried over."""
        for layer in self._layers:
            self.removeItem(layer)
        self.picture = picture
        self.picture.set_times(self._times)
        painter = BoxPainter(self.picture, self._brushes)
        self._selection = SelectionLayer(painter, 3.0)
        self._layers = [
            ContainerLayer(painter, 0.0), EdgeLayer(painter, 1.0), BoxLayer(painter, 2.0), self._selection,
            TimeLayer(painter, 4.0),
        ]  # fmt: skip
        for layer in self._layers:
            self.addItem(layer)
        self.setSceneRect(self.picture.bounds)
        self._selection.set_selected(self.picture.items_of(self._nodes))

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of this theme."""
        self._brushes = Brushes(theme)
        for layer in self._layers:
            layer.boxes.brushes = self._brushes
            layer.forget()

    def set_times(self, times: Mapping[int, NodeTime]) -> None:
        """Paint these times on the items."""
        self._times = times
        self.picture.set_times(times)
        for layer in self._layers:
            layer.forget()

    def select_nodes(self, nodes: Sequence[int]) -> list[CanvasItem]:
        """Outline the items that show these nodes; gives the items."""
        self._nodes = tuple(nodes)
        items = self.picture.items_of(nodes)
        self._selection.set_selected(items)
        return items

    def select_item(self, item: CanvasItem) -> None:
        """Outline an item that was clicked, whatever nodes it stands for."""
        self._nodes = tuple(item.node_ids) if is_scope(item) else tuple(item.node_ids[:1])
        self._selection.set_selected([item])

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
        """The edge that passes within `reach` scene pixels of a point, the nearest one."""
        best, best_distance = None, reach
        for number in self.picture.edge_index.within(x - reach, y - reach, x + reach, y + reach):
            edge = self.picture.edges[number]
            path = course(edge)
            steps = max(8, min(64, int(path.length() / 12)))
            for step in range(steps + 1):
                at = path.pointAtPercent(step / steps)
                distance = max(abs(at.x() - x), abs(at.y() - y))
                if distance < best_distance:
                    best, best_distance = edge, distance
        return best
