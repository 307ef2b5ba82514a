"""The outlines of thousands of items that are selected at once, as all nodes of one line of code are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from jitviewer.protocol.rows import CanvasItem
from jitviewer.ui.canvas.picture import Picture, rect_of
from jitviewer.ui.canvas.raster_tiles import Stroke
from jitviewer.ui.canvas.spatial_index import corners


class Outlines:
    """Strokes around items of a picture. Attributes: `pen`."""

    def __init__(self, picture: Picture, items: Iterable[CanvasItem]) -> None:
        self.pen = QPen()
        self._picture = picture
        self._ids = {item.id for item in items}

    def begin(self, painter: QPainter, _zoom: float) -> None:
        """Take the pen in hand."""
        painter.setPen(self.pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def crowd(self, rect: QRectF, _zoom: float) -> int:
        """About how many items there are in a rectangle of the scene."""
        picture = self._picture
        return picture.box_index.crowd(*corners(rect)) + picture.container_index.crowd(*corners(rect))

    def within(self, rect: QRectF, _zoom: float) -> Sequence[Stroke]:
        """An outline for each item in a rectangle of the scene."""
        picture = self._picture
        items = [picture.containers[number] for number in picture.container_index.within(*corners(rect))]
        items += [picture.boxes[number] for number in picture.box_index.within(*corners(rect))]
        return [partial(draw_outline, item) for item in items if item.id in self._ids]


def draw_outline(item: CanvasItem, painter: QPainter) -> None:
    """The outline of one item."""
    painter.drawRoundedRect(rect_of(item).adjusted(-1, -1, 1, 1), 6, 6)
