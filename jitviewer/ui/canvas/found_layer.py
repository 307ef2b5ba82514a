"""Outlines what a search found."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from jitviewer.protocol.rows import CanvasItem
from jitviewer.ui.canvas.box_painter import BoxPainter
from jitviewer.ui.canvas.brushes import FAR
from jitviewer.ui.canvas.layers import Layer
from jitviewer.ui.canvas.picture import rect_of
from jitviewer.ui.canvas.spatial_index import corners

MOST_FROM_AFAR = 2000
"""More than this are outlined only where they are seen from near by: painting them all takes too long."""


class FoundLayer(Layer):
    """Attributes: `items`, by id, that show nodes which were found."""

    def __init__(self, painter: BoxPainter, height: float) -> None:
        super().__init__(painter, height)
        self.items: dict[str, CanvasItem] = {}

    def set_found(self, nodes: Iterable[int]) -> None:
        """Outline the innermost items that show these nodes."""
        self.items = {item.id: item for item in self.picture.items_of(nodes)}
        self.setVisible(bool(self.items))
        self.update()

    def paint_exposed(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """An outline of the same width on the screen at any zoom, and a wash over a box.

        An open frame has the outline alone: what it holds is to be seen.
        """
        if not self.items:
            return
        color = self.boxes.brushes.theme.color("warning")
        pen = QPen(color, max(1.5, 1.5 / zoom))
        wash = QColor(color)
        wash.setAlphaF(0.14)
        painter.setPen(pen)
        for item in self._in_sight(exposed, zoom):
            painter.setBrush(Qt.BrushStyle.NoBrush if item.is_open else wash)
            painter.drawRoundedRect(rect_of(item).adjusted(-1, -1, 1, 1), 5, 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _in_sight(self, exposed: QRectF, zoom: float) -> Iterable[CanvasItem]:
        if len(self.items) <= MOST_FROM_AFAR:
            return [item for item in self.items.values() if rect_of(item).intersects(exposed)]
        if zoom < FAR:
            return []
        boxes = (self.picture.boxes[number] for number in self.picture.box_index.within(*corners(exposed)))
        return [box for box in boxes if box.id in self.items]
