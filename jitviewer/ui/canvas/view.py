"""The view of the graph: pan, zoom, click, walk."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from jitviewer.protocol.rows import CanvasEdge, CanvasItem
from jitviewer.ui.canvas.camera import Camera
from jitviewer.ui.canvas.picture import Picture, is_container, is_scope, rect_of, toggle_rect
from jitviewer.ui.models.formatting import plural, share_text
from jitviewer.ui.theme import Theme
from jitviewer.ui.widgets.plain import show_tip

_PAN_STEP = 60
_EDGE_REACH = 5
"""Screen pixels from an edge within which a click means it."""


class GraphView(Camera):
    """Lets mouse and keys work on what the camera shows.

    Signals: item_picked(CanvasItem or None), item_toggled(item id, is_open), item_activated(CanvasItem),
    edge_picked(CanvasEdge), edge_followed(CanvasEdge, forward), menu_requested(CanvasItem or None, QPoint)
    """

    item_picked = Signal(object)
    item_toggled = Signal(str, bool)
    item_activated = Signal(object)
    edge_picked = Signal(object)
    edge_followed = Signal(object, bool)
    menu_requested = Signal(object, QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setMouseTracking(True)
        self.setAccessibleName("Graph")
        self._pressed: QPoint | None = None
        self._is_panning = False

    # --- what is shown ------------------------------------------------------------------------

    def set_picture(self, picture: Picture, anchor: str, is_new: bool) -> None:
        """Show another picture. `anchor` is the item that stays where it is on the screen; without one it is
        what is selected, or what stands in the middle, unless nobody has looked around yet: then the first
        sight of it is shown."""
        is_untouched = self._is_untouched and not anchor and not self.graph.selected_items()
        anchor = anchor or self._looked_at(picture)
        before = self.graph.picture.by_id.get(anchor)
        place = self.mapFromScene(QPointF(before.x, before.y)) if before is not None else None
        centre = self.mapToScene(self.viewport().rect().center())
        self.graph.set_picture(picture)
        self._fit_scene_rect()
        after = self.graph.picture.by_id.get(anchor)
        if is_new or is_untouched or self._wants_first_place:
            self.place_first()
        elif place is not None and after is not None:
            self._move_by(self.mapFromScene(QPointF(after.x, after.y)) - place)
        elif after is not None:
            self.show_rect(rect_of(after))
        else:
            self._center(centre)
            self._keep_in_sight()

    def _looked_at(self, picture: Picture) -> str:
        """The item that a person looks at and that another picture has as well, "" if there is none."""
        seen = self.seen()
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

    # --- Qt -----------------------------------------------------------------------------------

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
        edge = self._edge_at(pressed, item)
        if item is not None and self._is_toggle(item, pressed):
            self.item_toggled.emit(item.id, not item.is_open)
        elif edge is not None:
            self.edge_picked.emit(edge)
        else:
            self.item_picked.emit(item)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Qt: open or close a container, activate a node, or follow an edge to its end further away."""
        at = event.position().toPoint()
        item = self._item_at(at)
        edge = self._edge_at(at, item)
        if edge is not None:
            flat = edge.coordinates
            start, end = self.mapFromScene(QPointF(flat[0], flat[1])), self.mapFromScene(flat[-2], flat[-1])
            to_start, to_end = (start - at).manhattanLength(), (end - at).manhattanLength()
            self.edge_followed.emit(edge, to_end >= to_start)
        elif item is not None:
            self._activate(item)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt: the menu of what is under the mouse, or of what is selected if a key asked for it."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            item = next(iter(self.graph.selected_items()), None)
            at = self.mapFromScene(rect_of(item).center()) if item else self.viewport().rect().center()
        else:
            at = event.pos()
            item = self._item_at(at)
        self.menu_requested.emit(item, at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Shift and arrows move the picture; all else is an action of the canvas."""
        moves = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in moves and modifiers == Qt.KeyboardModifier.ShiftModifier:
            x, y = moves[Qt.Key(event.key())]
            self._move_by(QPoint(x * _PAN_STEP, y * _PAN_STEP))
            return
        alike = {Qt.Key.Key_Enter: Qt.Key.Key_Return, Qt.Key.Key_Equal: Qt.Key.Key_Plus}
        key = alike.get(Qt.Key(event.key()), Qt.Key(event.key()))
        if key == Qt.Key.Key_Plus:
            modifiers &= ~Qt.KeyboardModifier.ShiftModifier
        pressed = QKeySequence(modifiers.value | key.value)
        # A shortcut of this widget comes here where the window that holds it is not the active one.
        action = next((action for action in self.actions() if action.shortcut() == pressed), None)
        if action is not None:
            action.trigger()
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Qt: nothing is under the mouse."""
        self.graph.hover(None)
        super().leaveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Qt: tool tips, and pinching on a touch pad."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            show_tip(event.globalPos(), self._tip_at(event.pos()), self.viewport())
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

    def _edge_at(self, point: QPoint, item: CanvasItem | None) -> CanvasEdge | None:
        """The edge at a point where no box is."""
        if item is not None and (not is_container(item) or self._is_toggle(item, point)):
            return None
        at = self.mapToScene(point)
        return self.graph.edge_near(at.x(), at.y(), _EDGE_REACH / self.zoom())

    def _is_toggle(self, item: CanvasItem, point: QPoint) -> bool:
        return item.is_open is not None and toggle_rect(item).contains(self.mapToScene(point))

    def _tip_at(self, point: QPoint) -> str:
        item = self._item_at(point)
        edge = self._edge_at(point, item)
        if edge is not None:
            return self.graph.tip_of(edge)
        if item is None or not item.label:
            return ""
        words = [item.label, item.detail]
        if is_scope(item):
            words.append(plural(len(item.node_ids), "node"))
        spent = self.graph.picture.heat.get(item.id)
        if spent is not None:
            cost, total = self.graph.picture.cost, self.graph.picture.total
            told = cost.text(spent) or "none"
            words.append(f"{cost.title}: {told}, {share_text(spent / total if total else 0.0)} of the run")
        return "\n".join(word for word in words if word)
