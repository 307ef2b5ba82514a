"""Joins the boxes of each pair, with a sign for how their values agree."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from jitviewer.ui.canvas.box_painter import BoxPainter
from jitviewer.ui.canvas.brushes import LABELS
from jitviewer.ui.canvas.layers import Layer
from jitviewer.ui.compare.aligned_places import (
    BOX_HEIGHT,
    BOX_WIDTH,
    LEFT,
    RIGHT,
    ROW,
    left_of,
    middle_of,
    top_of,
)
from jitviewer.ui.compare.aligned_rows import AlignedRow
from jitviewer.ui.compare.status_brushes import COLORS, SIGNS

_RADIUS = 10.0
_BAR = 4.0
"""Width of the bar at the side of what the first difference flows into."""


class JoinLayer(Layer):
    """`rows` are those of the picture, `first` the one that differs first (-1: none)."""

    def __init__(self, painter: BoxPainter, height: float, rows: Sequence[AlignedRow], first: int) -> None:
        super().__init__(painter, height)
        self._rows = rows
        self._first = first

    def paint_exposed(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """The joins in sight; from afar those that are a pixel apart."""
        begin = max(0, int(exposed.top() / ROW))
        end = min(len(self._rows), int(exposed.bottom() / ROW) + 1)
        is_near = zoom >= LABELS
        lines: dict[str, list[QLineF]] = {}
        for number in range(begin, end, max(1, int(1 / (ROW * zoom)))):
            row = self._rows[number]
            if row.left is not None and row.right is not None:
                y = middle_of(number)
                lines.setdefault(row.status, []).append(QLineF(LEFT + BOX_WIDTH, y, RIGHT, y))
            if row.flows and is_near:
                self._paint_bars(painter, number, row)
        for status, found in lines.items():
            painter.setPen(self._pen(status, zoom))
            painter.drawLines(found)
        if is_near:
            for number in range(begin, end):
                self._paint_sign(painter, number)
        if begin <= self._first < end:
            self._paint_first(painter, zoom)

    def _pen(self, status: str, zoom: float) -> QPen:
        color = self.boxes.brushes.theme.color(COLORS[status])
        pen = QPen(color, (2.4 if status == "differs" else 1.4) / min(1.0, zoom))
        if status == "not reached":
            pen.setStyle(Qt.PenStyle.DashLine)
        return pen

    def _paint_bars(self, painter: QPainter, number: int, row: AlignedRow) -> None:
        color = self.boxes.brushes.theme.color("error")
        for node, is_left in ((row.left, True), (row.right, False)):
            if node is not None:
                # At the inner side: edges run at the outer one.
                x = left_of(is_left) + (BOX_WIDTH - _BAR - 1 if is_left else 1)
                painter.fillRect(QRectF(x, top_of(number) + 5, _BAR, BOX_HEIGHT - 10), color)

    def _paint_sign(self, painter: QPainter, number: int) -> None:
        row, brushes = self._rows[number], self.boxes.brushes
        sign = SIGNS[row.status]
        if not sign or row.left is None or row.right is None:
            return
        at = QPointF((LEFT + BOX_WIDTH + RIGHT) / 2, middle_of(number))
        box = QRectF(at.x() - _RADIUS, at.y() - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)
        painter.setPen(QPen(brushes.theme.color(COLORS[row.status]), 1.4))
        painter.setBrush(brushes.background)
        painter.drawEllipse(box)
        painter.setFont(brushes.title_font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, sign)

    def _paint_first(self, painter: QPainter, zoom: float) -> None:
        """A ring around both boxes of the row that differs first, whatever its colour."""
        brushes, row = self.boxes.brushes, self._rows[self._first]
        left = LEFT if row.left is not None else RIGHT
        right = (RIGHT if row.right is not None else LEFT) + BOX_WIDTH
        ring = QRectF(left, top_of(self._first), right - left, BOX_HEIGHT).adjusted(-5, -5, 5, 5)
        painter.setPen(QPen(brushes.theme.color("error"), 2.2 / min(1.0, zoom)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(ring, 8, 8)
