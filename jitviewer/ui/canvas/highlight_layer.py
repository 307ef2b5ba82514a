"""Paints what is highlighted as it is and veils everything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from jitviewer.protocol.rows import CanvasEdge, CanvasItem
from jitviewer.ui.canvas.box_painter import BoxPainter
from jitviewer.ui.canvas.brushes import FAR, LABELS
from jitviewer.ui.canvas.edge_strokes import EdgeStrokes
from jitviewer.ui.canvas.far_tiles import FarTiles, Tiles
from jitviewer.ui.canvas.growing_courses import GrowingCourses
from jitviewer.ui.canvas.layers import Layer
from jitviewer.ui.canvas.picture import rect_of
from jitviewer.ui.canvas.raster_tiles import RasterTiles
from jitviewer.ui.canvas.spatial_index import corners

_VEIL = 0.76


class HighlightLayer(Layer):
    """Attributes: `items` and `edges`, the ids of what is highlighted; nothing is veiled without any."""

    def __init__(self, painter: BoxPainter, height: float) -> None:
        super().__init__(painter, height)
        self._growing: GrowingCourses | None = None
        self.set_highlighted((), ())

    def set_highlighted(self, items: Iterable[str], edges: Iterable[str]) -> None:
        """Highlight these; nothing if there are none."""
        self.items, self.edges = frozenset(items), frozenset(edges)
        self._boxes: set[int] | None = None
        self._frames: list[CanvasItem] = []
        if self._growing is not None:
            self._growing.stop()
        self._growing = None
        self.forget()

    def forget(self) -> None:
        """Colours, times or the highlight changed."""
        self._far_boxes: RasterTiles | None = None
        self._strokes: EdgeStrokes | None = None
        self.tiles: RasterTiles | None = None
        super().forget()

    def paint_in_view(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """The veil, and above it edges, frames and boxes that are highlighted."""
        if not self.items:
            return
        self._paint_veil(painter, exposed)
        growing = self._courses()
        if growing.is_done:
            self._tiles(growing).paint(painter, exposed, zoom)
        self._paint_boxes(painter, exposed, zoom)

    def paint_exposed(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """All of it."""
        if not self.items:
            return
        self._paint_veil(painter, exposed)
        growing = self._growing = GrowingCourses(self._lit_edges(), self.repaint)
        growing.complete()
        self._tiles(growing).paint_all(painter, exposed, zoom)
        self._paint_boxes(painter, exposed, zoom)

    def _lit_edges(self) -> Iterator[CanvasEdge]:
        return (edge for edge in self.picture.edges if edge.id in self.edges)

    def _courses(self) -> GrowingCourses:
        if self._growing is None:
            self._growing = GrowingCourses(self._lit_edges(), self.repaint)
            self._growing.begin()
        return self._growing

    def _tiles(self, growing: GrowingCourses) -> RasterTiles:
        if self.tiles is None:
            self._strokes = EdgeStrokes(growing.courses, growing.far_tiles)
            self._strokes.near = QPen(self.boxes.brushes.accent_edge)
            self._strokes.far = QPen(self.boxes.brushes.accent_edge.color(), 0.0)
            self.tiles = RasterTiles(self._strokes, self.repaint, self.seen)
        return self.tiles

    def _paint_veil(self, painter: QPainter, exposed: QRectF) -> None:
        veil = QColor(self.boxes.brushes.background)
        veil.setAlphaF(_VEIL)
        painter.fillRect(exposed, veil)

    def _paint_boxes(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        picture = self.picture
        lit = self._lit_boxes()
        if zoom < FAR:
            if self._far_boxes is None:
                boxes: Tiles[CanvasItem] = Tiles()
                for number in lit:
                    boxes.add(picture.boxes[number], picture.box_index.bounds_of(number))
                self._far_boxes = RasterTiles(FarTiles(boxes, self.boxes.record_far), self.repaint, self.seen)
            self._far_boxes.paint(painter, exposed, zoom)
        else:
            for number in picture.box_index.within(*corners(exposed)):
                if number in lit:
                    self.boxes.paint_box(painter, picture.boxes[number], zoom)
                    if zoom >= LABELS:
                        self.boxes.paint_time(painter, picture.boxes[number])
        self._paint_frames(painter, exposed, zoom)

    def _paint_frames(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        pen = QPen(self.boxes.brushes.accent_edge)
        pen.setWidthF(1.2 / min(1.0, zoom))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for item in self._frames:
            if rect_of(item).intersects(exposed):
                painter.drawRoundedRect(rect_of(item), 7, 7)

    def _lit_boxes(self) -> set[int]:
        """Numbers of the highlighted boxes."""
        if self._boxes is None:
            picture = self.picture
            self._boxes = {n for n, item in enumerate(picture.boxes) if item.id in self.items}
            self._frames = [item for item in picture.containers if item.id in self.items]
        return self._boxes
