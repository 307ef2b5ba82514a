"""The view of the graph: pan, zoom, click, walk."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)  # fmt: skip
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsView, QToolTip, QWidget

from jitviewer.protocol.rows import CanvasItem
from jitviewer.ui.canvas.picture import Picture, is_container, is_scope, rect_of, toggle_rect
from jitviewer.ui.canvas.scene import GraphScene
from jitviewer.ui.models.formatting import plural, share_text, time_text
from jitviewer.ui.theme import Theme

MIN_ZOOM, MAX_ZOOM = 0.001, 4.0
FIRST_MIN_ZOOM = 0.75
"""A graph that would be smaller than this when it is first shown begins at its top instead."""

_PAN_STEP = 60


class GraphView(QGraphicsView):
    """Shows a `GraphScene` through a camera.

    Signals: item_picked(CanvasItem or None), item_toggled(item id, is_open), item_activated(CanvasItem),
    zoom_changed(float)
    """

    item_picked = Signal(object)
    item_toggled = Signal(str, bool)
    item_activated = Signal(object)
    zoom_changed = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.graph = GraphScene(theme)
        super().__init__(self.graph, parent)
        self.graph.setParent(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName("Graph")
        self._pressed: QPoint | None = None
        self._is_panning = False
        self._wants_first_place = True
        # Until the person moves the picture, a change of the window places it anew.
        self._is_untouched = True
        self.set_theme(theme)

    # --- what is shown ------------------------------------------------------------------------

    def set_picture(self, picture: Picture, anchor: str, is_new: bool) -> None:
        """Show another picture. `anchor` is the item that stays where it is on the screen; without one it is
        what is selected, or what stands in the middle."""
        anchor = anchor or self._looked_at(picture)
        before = self.graph.picture.by_id.get(anchor)
        place = self.mapFromScene(QPointF(before.x, before.y)) if before is not None else None
        centre = self.mapToScene(self.viewport().rect().center())
        self.graph.set_picture(picture)
        self._fit_scene_rect()
        after = self.graph.picture.by_id.get(anchor)
        if is_new or self._wants_first_place:
            self.place_first()
        elif place is not None and after is not None:
            self._move_by(self.mapFromScene(QPointF(after.x, after.y)) - place)
        elif after is not None:
            self.show_rect(rect_of(after))
        else:
            self._center(centre)
            self._keep_in_sight()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of this theme."""
        self.setBackgroundBrush(QColor(theme.color("canvas")))
        self.graph.set_theme(theme)

    def _looked_at(self, picture: Picture) -> str:
        """The item that a person looks at and that another picture has as well, "" if there is none."""
        seen = self.mapToScene(self.viewport().rect()).boundingRect()
        middle = seen.center()
        candidates = [item for item in self.graph.selected_items() if rect_of(item).intersects(seen)]
        candidates += self.graph.picture.items_near(middle.x(), middle.y(), seen.height() / 2)
        for candidate in candidates:
            item: CanvasItem | None = candidate
            while item is not None:
                if item.id in picture.by_id:
                    return item.id
                item = self.graph.picture.by_id.get(item.parent)
        return ""

    # --- camera -------------------------------------------------------------------------------

    def zoom(self) -> float:
        """Screen pixels per scene pixel."""
        return self.transform().m11()

    def zoom_by(self, factor: float, at: QPoint | None = None) -> None:
        """Zoom so that the scene under a point of the viewport (its middle) stays there."""
        point = at if at is not None else self.viewport().rect().center()
        target = min(MAX_ZOOM, max(MIN_ZOOM, self.zoom() * factor))
        before = self.mapToScene(point)
        self._set_zoom(target)
        self._move_by(self.mapFromScene(before) - point)

    def fit(self) -> None:
        """Show everything."""
        self._fit_rect(self.graph.picture.bounds, 1.25)

    def fit_selection(self) -> None:
        """Show what is selected, as large as is comfortable."""
        rect = self.graph.selected_rect()
        if rect.isNull():
            self.fit()
        else:
            self._fit_rect(rect, 1.25)

    def place_first(self) -> None:
        """The first sight of a graph: all of it if that can be read, else its top."""
        self._is_untouched = True
        bounds = self.graph.picture.bounds
        room = self._room()
        if bounds.isEmpty() or room.isEmpty():
            self._wants_first_place = True
            return
        self._wants_first_place = not self.isVisible()
        whole = min(room.width() / bounds.width(), room.height() / bounds.height())
        across = room.width() / bounds.width()
        if whole >= FIRST_MIN_ZOOM:
            self._set_zoom(min(whole, 1.0))
            self._center(bounds.center())
            return
        self._set_zoom(min(1.0, max(FIRST_MIN_ZOOM, across)))
        middle = bounds.center().x()
        first = next((item for item in self.graph.picture.boxes if item.kind == "input"), None)
        if across < FIRST_MIN_ZOOM and first is not None:
            middle = first.x + first.width / 2
        self._center(QPointF(middle, bounds.top() + (room.height() / 2) / self.zoom()))

    def look_at(self, zoom: float, x: float, y: float) -> None:
        """Look at a point of the scene from near or far, as was done before."""
        self._is_untouched = self._wants_first_place = False
        self._set_zoom(min(MAX_ZOOM, max(MIN_ZOOM, zoom)))
        self._center(QPointF(x, y))

    def show_rect(self, rect: QRectF) -> None:
        """Move as little as is needed for a rectangle of the scene to be in sight."""
        seen = self.mapToScene(self.viewport().rect()).boundingRect()
        if seen.contains(rect):
            return
        self._is_untouched = False
        if not seen.intersects(rect) or rect.width() > seen.width() or rect.height() > seen.height():
            self._center(rect.center())
            return
        self.ensureVisible(rect, 40, 40)

    def _set_zoom(self, zoom: float) -> None:
        self.resetTransform()
        self.scale(zoom, zoom)
        self._fit_scene_rect()
        self.zoom_changed.emit(zoom)

    def _room(self) -> QRectF:
        return QRectF(self.viewport().rect()).adjusted(24, 24, -24, -24)

    def _fit_rect(self, rect: QRectF, largest: float) -> None:
        self._is_untouched = False
        room = self._room()
        if rect.isEmpty() or room.isEmpty():
            return
        zoom = min(room.width() / rect.width(), room.height() / rect.height(), largest)
        self._set_zoom(max(MIN_ZOOM, zoom))
        self._center(rect.center())

    def _center(self, point: QPointF) -> None:
        self.centerOn(point)

    def _move_by(self, delta: QPoint) -> None:
        self._is_untouched = False
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + delta.x())
        down.setValue(down.value() + delta.y())

    def _fit_scene_rect(self) -> None:
        """Leave a viewport of room around the picture, so that its rim can come to the middle."""
        zoom = self.zoom()
        wide, high = self.viewport().width() / zoom, self.viewport().height() / zoom
        self.setSceneRect(self.graph.picture.bounds.adjusted(-wide, -high, wide, high))

    def _keep_in_sight(self) -> None:
        seen = self.mapToScene(self.viewport().rect()).boundingRect()
        if not seen.intersects(self.graph.picture.bounds):
            self.place_first()

    # --- Qt -----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: keep the middle in the middle."""
        old = event.oldSize()
        centre = self.mapToScene(QPoint(old.width() // 2, old.height() // 2))
        super().resizeEvent(event)
        self._fit_scene_rect()
        if self._wants_first_place or self._is_untouched:
            self.place_first()
        elif old.isValid():
            self._center(centre)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: zoom at the mouse; with Shift move sideways."""
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            delta = event.angleDelta()
            self._move_by(QPoint(-(delta.y() or delta.x()), 0))
        else:
            self.zoom_by(1.0015 ** event.angleDelta().y(), event.position().toPoint())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: a drag may begin."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed = event.position().toPoint()
            self._is_panning = event.button() == Qt.MouseButton.MiddleButton

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: pan, or show what is under the mouse."""
        at = event.position().toPoint()
        if self._pressed is None:
            item = self._item_at(at)
            self.graph.hover(item)
            over_toggle = item is not None and self._is_toggle(item, at)
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if over_toggle else Qt.CursorShape.ArrowCursor
            )
            return
        if not self._is_panning:
            self._is_panning = (at - self._pressed).manhattanLength() >= QApplication.startDragDistance()
            if not self._is_panning:
                return
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        self._move_by(self._pressed - at)
        self._pressed = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: a press without a drag picks or opens what is under it."""
        was_panning, self._is_panning = self._is_panning, False
        pressed, self._pressed = self._pressed, None
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        if was_panning or pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        item = self._item_at(pressed)
        if item is not None and self._is_toggle(item, pressed):
            self.item_toggled.emit(item.id, not item.is_open)
        else:
            self.item_picked.emit(item)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Qt: open or close a container, or activate a node."""
        item = self._item_at(event.position().toPoint())
        if item is not None:
            self._activate(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: arrows move, + and - zoom, F fits, Z goes to the selection, Enter opens, Escape clears."""
        key = event.key()
        moves = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        if key in moves:
            x, y = moves[Qt.Key(key)]
            self._move_by(QPoint(x * _PAN_STEP, y * _PAN_STEP))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(1.25)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(0.8)
        elif key == Qt.Key.Key_F and not event.modifiers():
            self.fit()
        elif key == Qt.Key.Key_Z and not event.modifiers():
            self.fit_selection()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            for item in self.graph.selected_items()[:1]:
                self._activate(item)
        elif key == Qt.Key.Key_Escape:
            self.item_picked.emit(None)
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Qt: nothing is under the mouse."""
        self.graph.hover(None)
        super().leaveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Qt: tool tips, and pinching on a touch pad."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tip_at(event.pos()), self.viewport())
            return True
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.zoom_by(1.0 + event.value(), event.position().toPoint())
            return True
        return super().viewportEvent(event)

    def _activate(self, item: CanvasItem) -> None:
        if item.is_open is not None:
            self.item_toggled.emit(item.id, not item.is_open)
        else:
            self.item_activated.emit(item)

    def _item_at(self, point: QPoint) -> CanvasItem | None:
        at = self.mapToScene(point)
        return self.graph.picture.item_at(at.x(), at.y())

    def _is_toggle(self, item: CanvasItem, point: QPoint) -> bool:
        return item.is_open is not None and toggle_rect(item).contains(self.mapToScene(point))

    def _tip_at(self, point: QPoint) -> str:
        item = self._item_at(point)
        at = self.mapToScene(point)
        if item is None or is_container(item):
            edge = self.graph.edge_near(at.x(), at.y(), 5 / self.zoom())
            if edge is not None:
                return f"{edge.value} : {edge.type}"
        if item is None or not item.label:
            return ""
        words = [item.label, item.detail]
        if is_scope(item):
            words.append(plural(len(item.node_ids), "node"))
        spent = self.graph.picture.heat.get(item.id)
        if spent is not None:
            total = self.graph.picture.total_us
            words.append(f"{time_text(spent)}, {share_text(spent / total if total else 0.0)} of the run")
        return "\n".join(word for word in words if word)
