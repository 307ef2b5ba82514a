"""The strokes of a set of edges: curves and arrow heads from near by, straight lines from afar."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from jitviewer.protocol.rows import CanvasEdge
from jitviewer.ui.canvas.brushes import DETAILS, FAR
from jitviewer.ui.canvas.edge_courses import EdgeCourses
from jitviewer.ui.canvas.far_tiles import FarTiles, Tiles
from jitviewer.ui.canvas.raster_tiles import Stroke

_NO_EDGES = 0.04
"""From further away edges are too short to be seen, and the most costly thing to paint."""


class EdgeStrokes:
    """Attributes: `near` and `far`, the pens of curves and of straight lines.

    Without `far_tiles` there are curves at any zoom.
    """

    def __init__(self, courses: EdgeCourses, far_tiles: Tiles[CanvasEdge] | None = None) -> None:
        self.near = QPen()
        self.far = QPen()
        self._courses = courses
        self._tiles = far_tiles
        self.forget()

    def forget(self) -> None:
        """The pens are others: what was recorded with them is of no use."""
        self._far = FarTiles(self._tiles, self._record_far) if self._tiles is not None else None

    def begin(self, painter: QPainter, zoom: float) -> None:
        """Take the pen in hand."""
        painter.setPen(self.near)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def crowd(self, rect: QRectF, zoom: float) -> int:
        """About how many strokes there are in a rectangle of the scene."""
        if self._far is not None and zoom < FAR:
            return self._far.crowd(rect, zoom) if zoom >= _NO_EDGES else 0
        return self._courses.crowd(rect)

    def within(self, rect: QRectF, zoom: float) -> Sequence[Stroke]:
        """The strokes in a rectangle of the scene."""
        if self._far is not None and zoom < FAR:
            return self._far.strokes(rect) if zoom >= _NO_EDGES else ()
        courses = self._courses
        pieces = courses.pieces(rect)
        strokes: list[Stroke] = [partial(_draw_line, line) for line in courses.stretches(rect)]
        strokes += [partial(self._draw_piece, piece) for piece in pieces]
        if zoom >= DETAILS:
            strokes += [partial(self._draw_head, piece) for piece in pieces]
        return strokes

    def _draw_piece(self, piece: int, painter: QPainter) -> None:
        painter.drawPath(self._courses.path(piece))

    def _draw_head(self, piece: int, painter: QPainter) -> None:
        head = self._courses.head(piece)
        if head is not None:
            painter.fillPath(head, self.near.color())

    def _record_far(self, painter: QPainter, edges: Sequence[CanvasEdge]) -> None:
        painter.setPen(self.far)
        flats = [edge.coordinates for edge in edges]
        painter.drawLines([QLineF(flat[0], flat[1], flat[-2], flat[-1]) for flat in flats])


def _draw_line(stretch: tuple[float, float, float], painter: QPainter) -> None:
    x, top, bottom = stretch
    painter.drawLine(QPointF(x, top), QPointF(x, bottom))
