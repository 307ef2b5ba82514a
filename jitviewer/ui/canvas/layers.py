"""The few graphics items that paint everything: containers, edges, boxes, and what is selected."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from shiboken6 import isValid

from jitviewer.protocol.rows import CanvasEdge, CanvasItem
from jitviewer.ui.canvas.box_painter import BoxPainter
from jitviewer.ui.canvas.brushes import FAR, LABELS
from jitviewer.ui.canvas.courses import course, head
from jitviewer.ui.canvas.edge_strokes import EdgeStrokes
from jitviewer.ui.canvas.far_tiles import FarTiles
from jitviewer.ui.canvas.growing_courses import GrowingCourses
from jitviewer.ui.canvas.outlines import Outlines, draw_outline
from jitviewer.ui.canvas.picture import Picture, is_container, rect_of
from jitviewer.ui.canvas.raster_tiles import RasterTiles
from jitviewer.ui.canvas.spatial_index import corners

_MARGIN = 24.0
_OUTLINED = 100
"""Selected boxes whose outlines are painted one by one, and their times again over them."""


class Layer(QGraphicsItem):
    """Paints one kind of thing over the whole scene, whatever of it is exposed."""

    def __init__(self, painter: BoxPainter, height: float) -> None:
        super().__init__()
        self.boxes = painter
        self.setZValue(height)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    @property
    def picture(self) -> Picture:
        """What is painted."""
        return self.boxes.picture

    def forget(self) -> None:
        """Colours or times changed: paint anew."""
        self.update()

    def boundingRect(self) -> QRectF:
        """Qt: the whole picture."""
        return self.picture.bounds.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Qt: paint what is exposed."""
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        exposed: QRectF = option.exposedRect  # type: ignore[attr-defined]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, zoom >= FAR)
        self.paint_in_view(painter, exposed.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN), zoom)

    def repaint(self, part: QRectF | None = None) -> None:
        """Paint a part of the scene anew, or all of it, once work that was begun for it is done.

        Such work may outlive the scene: a document is closed while its timer is due.
        """
        if isValid(self):
            self.update(QRectF() if part is None else part)

    def seen(self) -> QRectF:
        """The part of the scene that is in sight; nothing of one that is gone."""
        if not isValid(self):
            return QRectF()
        # A layer of the picture before is in no scene.
        views = self.scene().views() if self.scene() else []
        return views[0].mapToScene(views[0].viewport().rect()).boundingRect() if views else QRectF()

    def paint_in_view(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """Paint what touches a rectangle of the scene, or as much of it as does not hold the window up."""
        self.paint_exposed(painter, exposed, zoom)

    def paint_exposed(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """Paint what touches a rectangle of the scene."""
        raise NotImplementedError


class ContainerLayer(Layer):
    """Open frames, control nodes and blocks, outer ones first."""

    def paint_exposed(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """Frames that are a few pixels wide at least."""
        picture = self.picture
        for number in picture.container_index.within(*corners(exposed)):
            item = picture.containers[number]
            if item.width * zoom >= 3:
                self.boxes.paint_container(painter, item, zoom)


class EdgeLayer(Layer):
    """The edges; courses from near by, straight lines from afar."""

    def __init__(self, painter: BoxPainter, height: float) -> None:
        super().__init__(painter, height)
        self._strokes = EdgeStrokes(self.picture.courses, self.picture.edge_tiles)
        self.tiles = RasterTiles(self._strokes, self.repaint, self.seen)

    def forget(self) -> None:
        """Colours changed."""
        self._strokes.forget()
        self.tiles.forget()
        super().forget()

    def paint_in_view(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """Lines, and arrow heads where they can be seen."""
        self._take_pens()
        self.tiles.paint(painter, exposed, zoom)

    def paint_exposed(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """All lines and arrow heads."""
        self._take_pens()
        self.tiles.paint_all(painter, exposed, zoom)

    def _take_pens(self) -> None:
        brushes = self.boxes.brushes
        self._strokes.near, self._strokes.far = brushes.edge, brushes.far_edge


class BoxLayer(Layer):
    """Nodes, closed containers, inputs and outputs."""

    def __init__(self, painter: BoxPainter, height: float) -> None:
        super().__init__(painter, height)
        self._far = FarTiles(self.picture.box_tiles, self.boxes.record_far)
        self.tiles = RasterTiles(self._far, self.repaint, self.seen)

    def forget(self) -> None:
        """Colours or times changed."""
        self._far = FarTiles(self.picture.box_tiles, self.boxes.record_far)
        self.tiles = RasterTiles(self._far, self.repaint, self.seen)
        self.boxes.forget_cuts()
        super().forget()

    def paint_exposed(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """Boxes with their words, or coloured rectangles from afar."""
        picture = self.picture
        if zoom < FAR:
            self.tiles.paint(painter, exposed, zoom)
        else:
            for number in picture.box_index.within(*corners(exposed)):
                self.boxes.paint_box(painter, picture.boxes[number], zoom)
        if zoom < LABELS:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for number in picture.container_index.within(*corners(exposed)):
                self.boxes.paint_far_title(painter, picture.containers[number], zoom)


class SelectedEdgeLayer(Layer):
    """The edges of what is selected, under the measured times, which hang over the rims of boxes."""

    _MAX_WITH_EDGES = 100

    def __init__(self, painter: BoxPainter, height: float) -> None:
        super().__init__(painter, height)
        self._growing: GrowingCourses | None = None
        self.set_selected([])

    def set_selected(self, items: Sequence[CanvasItem]) -> None:
        """Show the edges of these; of none if too much is selected."""
        if self._growing is not None:
            self._growing.stop()
        few = items if len(items) <= self._MAX_WITH_EDGES else []
        edges = chain.from_iterable(self.picture.edges_of(item.id) for item in few)
        self._growing = GrowingCourses(edges, self._on_grown)
        self._strokes = EdgeStrokes(self._growing.courses)
        self.tiles = RasterTiles(self._strokes, self.repaint, self.seen)
        self._growing.begin()
        self.update()

    def forget(self) -> None:
        """Colours changed."""
        self.tiles.forget()
        super().forget()

    def paint_in_view(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """Edges at least as wide on the screen as near by, once it is known where they run."""
        if self._growing is None or not self._growing.is_done:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._strokes.near = scaled(self.boxes.brushes.accent_edge, zoom)
        self.tiles.paint(painter, exposed, zoom)

    def _on_grown(self) -> None:
        self.repaint()


class SelectionLayer(Layer):
    """Outlines of what is selected or under the mouse. Attributes: `edges`, the layer of their edges."""

    def __init__(self, painter: BoxPainter, height: float, edges_height: float) -> None:
        super().__init__(painter, height)
        self.edges = SelectedEdgeLayer(painter, edges_height)
        self.selected: list[CanvasItem] = []
        self._outlines: Outlines | None = None
        self.tiles: RasterTiles | None = None
        self.edge: CanvasEdge | None = None
        self.hovered: CanvasItem | None = None

    def set_selected(self, items: list[CanvasItem]) -> None:
        """Outline these."""
        self.selected = items
        self._outlines = Outlines(self.picture, items) if len(items) > _OUTLINED else None
        self.tiles = RasterTiles(self._outlines, self.repaint, self.seen) if self._outlines else None
        self.edges.set_selected(items)
        self.update()

    def forget(self) -> None:
        """Colours or times changed."""
        if self.tiles is not None:
            self.tiles.forget()
        super().forget()

    def set_edge(self, edge: CanvasEdge | None) -> None:
        """Draw this edge as the chosen one."""
        self.edge = edge
        self.update()

    def set_hovered(self, item: CanvasItem | None) -> bool:
        """Outline the one under the mouse; gives whether that is another than before."""
        if item is self.hovered:
            return False
        for known in (self.hovered, item):
            if known is not None:
                self.update(rect_of(known).adjusted(-4, -4, 4, 4))
        self.hovered = item
        return True

    def paint_in_view(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """Outlines at least as wide on the screen as near by."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        brushes = self.boxes.brushes
        if self.hovered is not None:
            painter.setPen(scaled(brushes.hover, zoom))
            painter.drawRoundedRect(rect_of(self.hovered), 5, 5)
        if self.edge is not None:
            pen = scaled(brushes.chosen_edge, zoom)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(course(self.edge))
            painter.fillPath(head(self.edge), pen.color())
        painter.setPen(scaled(brushes.accent, zoom))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.tiles is not None and self._outlines is not None:
            self._outlines.pen = painter.pen()
            self.tiles.paint(painter, exposed, zoom)
        else:
            for item in self.selected:
                if rect_of(item).intersects(exposed):
                    draw_outline(item, painter)
        if zoom >= LABELS:
            # The outline runs through the label of a time.
            for item in self.selected[:_OUTLINED]:
                if not is_container(item):
                    self.boxes.paint_time(painter, item)


class TimeLayer(Layer):
    """The measured times, above everything, so that they can always be read."""

    def paint_exposed(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """Labels where the boxes have labels."""
        if zoom < LABELS or self.picture.most <= 0:
            return
        for number in self.picture.box_index.within(*corners(exposed)):
            self.boxes.paint_time(painter, self.picture.boxes[number])


def scaled(pen: QPen, zoom: float) -> QPen:
    """A pen that is as wide on the screen from afar as it is near by."""
    wide = QPen(pen)
    wide.setWidthF(pen.widthF() / min(1.0, zoom))
    return wide
