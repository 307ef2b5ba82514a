"""Outlines where the last run failed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from jitviewer.protocol.rows import CanvasItem
from jitviewer.ui.canvas.box_painter import BoxPainter
from jitviewer.ui.canvas.brushes import LABELS
from jitviewer.ui.canvas.layers import Layer
from jitviewer.ui.canvas.picture import rect_of
from jitviewer.ui.editors.gutter import FAILED

_BADGE = 15.0


class FailureLayer(Layer):
    """Attributes: `item`, the innermost that shows the node at which a run failed."""

    def __init__(self, painter: BoxPainter, height: float) -> None:
        super().__init__(painter, height)
        self.item: CanvasItem | None = None

    def set_failed(self, node: int) -> None:
        """Outline what shows this node; -1 for nothing."""
        self.item = next(iter(self.picture.items_of([node])), None)
        self.setVisible(self.item is not None)
        self.update()

    def paint_exposed(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """An outline of the same width on the screen at any zoom, and a sign at the corner."""
        if self.item is None:
            return
        brushes = self.boxes.brushes
        color = brushes.theme.color("error")
        rect = rect_of(self.item).adjusted(-2, -2, 2, 2)
        painter.setPen(QPen(color, max(2.5, 2.5 / zoom)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 6, 6)
        if zoom < LABELS:
            return
        # At the left: the sign of a rewrite is at the right.
        badge = QRectF(rect.left() - _BADGE / 2, rect.top() - _BADGE / 2, _BADGE, _BADGE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(badge)
        painter.setPen(brushes.background)
        painter.setFont(brushes.title_font)
        painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), FAILED)
        painter.setBrush(Qt.BrushStyle.NoBrush)
