"""Paints what is highlighted as it is and veils everything else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from jitviewer.protocol.rows import CanvasEdge, CanvasItem
from jitviewer.ui.canvas.box_painter import BoxPainter
from jitviewer.ui.canvas.brushes import DETAILS, FAR, LABELS
from jitviewer.ui.canvas.far_tiles import FarTiles, Tiles
from jitviewer.ui.canvas.layers import Layer, corners, course, paint_heads
from jitviewer.ui.canvas.picture import is_container, rect_of

_VEIL = 0.76


class HighlightLayer(Layer):
    """Attributes: `items` and `edges`, the ids of what is highlighted; nothing is veiled without any."""

    def __init__(self, painter: BoxPainter, height: float) -> None:
        super().__init__(painter, height)
        self.items: frozenset[str] = frozenset()
        self.edges: frozenset[str] = frozenset()
        self._numbers: tuple[set[int], set[int]] | None = None
        self._far_boxes: FarTiles[CanvasItem] | None = None
        self._far_edges: FarTiles[CanvasEdge] | None = None

    def set_highlighted(self, items: Iterable[str], edges: Iterable[str]) -> None:
        """Highlight these; nothing if there are none."""
        self.items, self.edges = frozenset(items), frozenset(edges)
        self.forget()

    def forget(self) -> None:
        """Colours, times or the highlight changed."""
        self._numbers = self._far_boxes = self._far_edges = None
        super().forget()

    def paint_exposed(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """The veil, and above it edges, frames and boxes that are highlighted."""
        if not self.items:
            return
        veil = QColor(self.boxes.brushes.background)
        veil.setAlphaF(_VEIL)
        painter.fillRect(exposed, veil)
        if zoom < FAR:
            self._paint_far(painter, exposed)
        else:
            self._paint_near(painter, exposed, zoom)
        self._paint_frames(painter, exposed, zoom)

    def _paint_near(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        picture = self.picture
        lit_boxes, lit_edges = self._lit()
        edges = [picture.edges[n] for n in picture.edge_index.within(*corners(exposed)) if n in lit_edges]
        pen = QPen(self.boxes.brushes.accent_edge)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for edge in edges:
            painter.drawPath(course(edge))
        if zoom >= DETAILS:
            paint_heads(painter, edges, pen.color())
        for number in picture.box_index.within(*corners(exposed)):
            if number in lit_boxes:
                self.boxes.paint_box(painter, picture.boxes[number], zoom)
                if zoom >= LABELS:
                    self.boxes.paint_time(painter, picture.boxes[number])

    def _paint_far(self, painter: QPainter, exposed: QRectF) -> None:
        if self._far_boxes is None or self._far_edges is None:
            picture = self.picture
            lit_boxes, lit_edges = self._lit()
            boxes: Tiles[CanvasItem] = Tiles()
            edges: Tiles[CanvasEdge] = Tiles()
            for number in lit_boxes:
                boxes.add(picture.boxes[number], picture.box_index.bounds_of(number))
            for number in lit_edges:
                edges.add(picture.edges[number], picture.edge_index.bounds_of(number))
            self._far_boxes = FarTiles(boxes, self.boxes.record_far)
            self._far_edges = FarTiles(edges, self._record_edges)
        self._far_edges.paint(painter, exposed)
        self._far_boxes.paint(painter, exposed)

    def _record_edges(self, painter: QPainter, edges: Sequence[CanvasEdge]) -> None:
        painter.setPen(QPen(self.boxes.brushes.accent_edge.color(), 0.0))
        flats = [edge.coordinates for edge in edges]
        painter.drawLines([QLineF(flat[0], flat[1], flat[-2], flat[-1]) for flat in flats])

    def _paint_frames(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        pen = QPen(self.boxes.brushes.accent_edge)
        pen.setWidthF(1.2 / min(1.0, zoom))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for name in self.items:
            item = self.picture.by_id.get(name)
            if item is not None and is_container(item) and rect_of(item).intersects(exposed):
                painter.drawRoundedRect(rect_of(item), 7, 7)

    def _lit(self) -> tuple[set[int], set[int]]:
        """Numbers of the highlighted boxes and edges."""
        if self._numbers is None:
            picture = self.picture
            self._numbers = (
                {n for n, item in enumerate(picture.boxes) if item.id in self.items},
                {n for n, edge in enumerate(picture.edges) if edge.id in self.edges},
            )
        return self._numbers
