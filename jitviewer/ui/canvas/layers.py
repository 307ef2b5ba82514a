"""The few graphics items that paint everything: containers, edges, boxes, and what is selected."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from jitviewer.protocol.rows import CanvasEdge, CanvasItem
from jitviewer.ui.canvas.box_painter import BoxPainter
from jitviewer.ui.canvas.brushes import DETAILS, FAR, LABELS
from jitviewer.ui.canvas.far_tiles import FarTiles
from jitviewer.ui.canvas.picture import Picture, is_container, rect_of

_MARGIN = 24.0
_NO_EDGES = 0.04
_OUTLINED = 100
"""Boxes whose times are painted again over their outlines."""


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
        self.paint_exposed(painter, exposed.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN), zoom)

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
        self._paths: dict[int, QPainterPath] = {}
        self._far: FarTiles[CanvasEdge] | None = None

    def forget(self) -> None:
        """Colours changed."""
        self._far = None
        super().forget()

    def paint_exposed(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """Lines, and arrow heads where they can be seen."""
        picture = self.picture
        if zoom < FAR:
            # From further away edges are too short to be seen, and the most costly thing to paint.
            if zoom >= _NO_EDGES:
                if self._far is None:
                    self._far = FarTiles(picture.edge_tiles, self._record_far)
                self._far.paint(painter, exposed)
            return
        pen = self.boxes.brushes.edge
        numbers = picture.edge_index.within(*corners(exposed))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for number in numbers:
            painter.drawPath(self._path(number))
        if zoom >= DETAILS:
            paint_heads(painter, [picture.edges[number] for number in numbers], pen.color())

    def _path(self, number: int) -> QPainterPath:
        path = self._paths.get(number)
        if path is None:
            path = self._paths[number] = course(self.picture.edges[number])
        return path

    def _record_far(self, painter: QPainter, edges: Sequence[CanvasEdge]) -> None:
        painter.setPen(self.boxes.brushes.far_edge)
        flats = [edge.coordinates for edge in edges]
        painter.drawLines([QLineF(flat[0], flat[1], flat[-2], flat[-1]) for flat in flats])


class BoxLayer(Layer):
    """Nodes, closed containers, inputs and outputs."""

    def __init__(self, painter: BoxPainter, height: float) -> None:
        super().__init__(painter, height)
        self._far: FarTiles[CanvasItem] | None = None

    def forget(self) -> None:
        """Colours or times changed."""
        self._far = None
        self.boxes.forget_cuts()
        super().forget()

    def paint_exposed(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """Boxes with their words, or coloured rectangles from afar."""
        picture = self.picture
        if zoom < FAR:
            if self._far is None:
                self._far = FarTiles(picture.box_tiles, self.boxes.record_far)
            self._far.paint(painter, exposed)
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
        self.selected: list[CanvasItem] = []

    def paint_exposed(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """Edges at least as wide on the screen as near by; none if too much is selected."""
        if len(self.selected) > self._MAX_WITH_EDGES:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = _scaled(self.boxes.brushes.accent_edge, zoom)
        for item in self.selected:
            edges = self.picture.edges_of(item.id)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for edge in edges:
                painter.drawPath(course(edge))
            if zoom >= DETAILS:
                paint_heads(painter, edges, pen.color())


class SelectionLayer(Layer):
    """Outlines of what is selected or under the mouse. Attributes: `edges`, the layer of their edges."""

    def __init__(self, painter: BoxPainter, height: float, edges_height: float) -> None:
        super().__init__(painter, height)
        self.edges = SelectedEdgeLayer(painter, edges_height)
        self.selected: list[CanvasItem] = []
        self.edge: CanvasEdge | None = None
        self.hovered: CanvasItem | None = None

    def set_selected(self, items: list[CanvasItem]) -> None:
        """Outline these."""
        self.selected = self.edges.selected = items
        self.edges.update()
        self.update()

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

    def paint_exposed(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """Outlines at least as wide on the screen as near by."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        brushes = self.boxes.brushes
        if self.hovered is not None:
            painter.setPen(_scaled(brushes.hover, zoom))
            painter.drawRoundedRect(rect_of(self.hovered), 5, 5)
        if self.edge is not None:
            pen = _scaled(brushes.chosen_edge, zoom)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(course(self.edge))
            paint_heads(painter, [self.edge], pen.color())
        painter.setPen(_scaled(brushes.accent, zoom))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for item in self.selected:
            rect = rect_of(item)
            if rect.intersects(exposed):
                painter.drawRoundedRect(rect.adjusted(-1, -1, 1, 1), 6, 6)
        if zoom >= LABELS:
            # The outline runs through the label of a time.
            for item in self.selected[:_OUTLINED]:
                if not is_container(item):
                    self.boxes.paint_time(painter, item)


class TimeLayer(Layer):
    """The measured times, above everything, so that they can always be read."""

    def paint_exposed(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """Labels where the boxes have labels."""
        if zoom < LABELS or self.picture.longest_us <= 0:
            return
        for number in self.picture.box_index.within(*corners(exposed)):
            self.boxes.paint_time(painter, self.picture.boxes[number])


def course(edge: CanvasEdge) -> QPainterPath:
    """The course of an edge: cubic pieces, or straight ones where the points are not triples."""
    points = [QPointF(x, y) for x, y in edge.points]
    path = QPainterPath(points[0])
    if len(points) % 3 == 1:
        for at in range(1, len(points), 3):
            path.cubicTo(points[at], points[at + 1], points[at + 2])
    else:
        for point in points[1:]:
            path.lineTo(point)
    return path


def paint_heads(painter: QPainter, edges: Sequence[CanvasEdge], color: QColor) -> None:
    """Arrow heads at the ends of edges."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for edge in edges:
        points = edge.points
        if len(points) > 1:
            painter.drawPolygon(_head(points))


def _head(points: list[tuple[float, float]]) -> QPolygonF:
    end = QPointF(*points[-1])
    # The last control point may be the end itself; look back for one that gives a direction.
    back = next((p for p in reversed(points[:-1]) if QLineF(QPointF(*p), end).length() > 0.5), None)
    if back is None:
        return QPolygonF()
    line = QLineF(end, QPointF(*back))
    line.setLength(7.0)
    normal = line.normalVector()
    normal.setLength(3.2)
    side = QPointF(normal.dx(), normal.dy())
    return QPolygonF([end, line.p2() + side, line.p2() - side])


def _scaled(pen: QPen, zoom: float) -> QPen:
    wide = QPen(pen)
    wide.setWidthF(pen.widthF() / min(1.0, zoom))
    return wide


def corners(rect: QRectF) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    return rect.left(), rect.top(), rect.right(), rect.bottom()
