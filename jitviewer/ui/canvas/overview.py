"""A small map of the whole graph in the corner of the canvas: shows where the view is, and moves it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from jitviewer.protocol.rows import CanvasItem
from jitviewer.ui.canvas.box_painter import BoxPainter
from jitviewer.ui.canvas.brushes import Brushes
from jitviewer.ui.canvas.camera import Camera
from jitviewer.ui.canvas.far_tiles import Tile
from jitviewer.ui.canvas.picture import rect_of
from jitviewer.ui.theme import ThemeManager

_LARGEST = QSize(168, 132)
_LEAST = QSize(44, 36)
_RIM = 6
_MARGIN = 12
_TILES_A_TURN = 12
"""Tiles of the scene that are painted between two turns of the event loop."""

_MOST_IN_SIGHT = 0.6
"""Share of the graph in sight from which on the map would hide more of it than it tells."""

_STEP = 0.25
_MARK = 3
"""Width and height of a mark at least, in pixels of the screen."""


class Overview(QWidget):
    """A map of what a camera shows. A click or drag moves the camera there, arrow keys move it by a quarter
    of what is in sight. Hidden while most of the graph is in sight, or by `set_wanted`.

    Attributes: `marks` are the places on the map of what a search found.
    """

    def __init__(self, camera: Camera, themes: ThemeManager) -> None:
        super().__init__(camera)
        self._camera = camera
        self._themes = themes
        self._map = QPixmap()
        self._pending: list[Tile] = []
        self.marks: list[QRect] = []
        self._is_wanted = True
        self.setAccessibleName("Overview of the graph")
        self.setToolTip("Overview: click or drag to move, or arrow keys")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._painting = QTimer(self, singleShot=True, interval=0)
        self._painting.timeout.connect(self._paint_some)
        camera.moved.connect(self._on_moved)
        themes.theme_changed.connect(self.begin)
        self.hide()

    @property
    def is_wanted(self) -> bool:
        """Whether the person wants the map."""
        return self._is_wanted

    def set_wanted(self, is_wanted: bool) -> None:
        """Show the map where there is a use for it, or never."""
        self._is_wanted = is_wanted
        self._on_moved()

    def begin(self) -> None:
        """The picture is another: paint the map anew, a few tiles at a time."""
        bounds = self._camera.graph.picture.bounds
        self._pending = []
        self._map = QPixmap()
        if not bounds.isEmpty():
            scale = min(_LARGEST.width() / bounds.width(), _LARGEST.height() / bounds.height())
            # A long chain would be a hair: it is drawn wider than it is.
            size = QSize(
                max(_LEAST.width(), round(bounds.width() * scale)),
                max(_LEAST.height(), round(bounds.height() * scale)),
            )
            ratio = self.devicePixelRatioF()
            self._map = QPixmap(size * ratio)
            self._map.setDevicePixelRatio(ratio)
            self._map.fill(self._themes.theme.color("canvas"))
            self._pending = list(self._camera.graph.picture.box_tiles.members)
            self.resize(size + QSize(2 * _RIM, 2 * _RIM))
        self.mark_found()
        self._on_moved()

    def place(self) -> None:
        """Stand in the lower right corner of the camera."""
        camera = self._camera.viewport().geometry()
        self.move(camera.right() - self.width() - _MARGIN + 1, camera.bottom() - self.height() - _MARGIN + 1)

    def _on_moved(self) -> None:
        bounds = self._camera.graph.picture.bounds
        seen = self._camera.seen()
        room = self._camera.viewport().size()
        is_small = room.width() < 3 * _LARGEST.width() or room.height() < 2 * _LARGEST.height()
        useful = not bounds.isEmpty() and not is_small and _share(seen, bounds) < _MOST_IN_SIGHT
        self.setVisible(self._is_wanted and useful)
        if self.isVisible():
            self.place()
            if self._pending:
                self._painting.start()
            self.update()

    def _paint_some(self) -> None:
        picture = self._camera.graph.picture
        brushes = Brushes(self._themes.theme)
        boxes = BoxPainter(picture, brushes)
        painter = QPainter(self._map)
        scale = self._scale()
        painter.scale(scale.x(), scale.y())
        if len(self._pending) == len(picture.box_tiles.members):
            painter.setPen(Qt.PenStyle.NoPen)
            for item in picture.containers[:400]:
                painter.setBrush(brushes.frames[picture.depth[item.id] % len(brushes.frames)])
                painter.drawRect(rect_of(item))
        for tile in self._pending[:_TILES_A_TURN]:
            boxes.record_far(painter, picture.box_tiles.members[tile])
        painter.end()
        del self._pending[:_TILES_A_TURN]
        self.update()
        if self._pending:
            self._painting.start()

    def _scale(self) -> QPointF:
        """Pixels of the map per pixel of the scene, across and down."""
        bounds = self._camera.graph.picture.bounds
        size = self._map.deviceIndependentSize()
        return QPointF(size.width() / bounds.width(), size.height() / bounds.height())

    def seen_on_map(self) -> QRectF:
        """The part of the map that is in sight."""
        seen = self._camera.seen().intersected(self._camera.graph.picture.bounds)
        scale = self._scale()
        rect = QRectF(
            seen.left() * scale.x(), seen.top() * scale.y(),
            seen.width() * scale.x(), seen.height() * scale.y(),
        )  # fmt: skip
        return rect.translated(_RIM, _RIM)

    def mark_found(self) -> None:
        """Mark where the boxes are that a search found."""
        found = self._camera.graph.found_boxes
        self.marks = self._places(found) if found and not self._map.isNull() else []
        self.update()

    def _places(self, names: Sequence[str]) -> list[QRect]:
        """Where on the map these boxes are. Many share a pixel; each place is given once."""
        by_id, scale = self._camera.graph.picture.by_id, self._scale()
        across, down = scale.x(), scale.y()
        # Numbers, not rectangles of Qt: there may be thousands of boxes, and somebody is typing.
        places: dict[tuple[int, int], CanvasItem] = {}
        for name in names:
            box = by_id[name]
            places.setdefault((int(box.x * across), int(box.y * down)), box)
        marks: list[QRect] = []
        for (x, y), box in places.items():
            wide, tall = max(_MARK, round(box.width * across)), max(_MARK, round(box.height * down))
            marks.append(QRect(_RIM + x, _RIM + y, wide, tall))
        return marks

    def _go_to(self, point: QPoint) -> None:
        scale = self._scale()
        self._camera.center(QPointF((point.x() - _RIM) / scale.x(), (point.y() - _RIM) / scale.y()))

    # --- Qt -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the map and the frame of what is in sight."""
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("accent") if self.hasFocus() else theme.color("border_strong"))
        painter.setBrush(theme.color("canvas"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if self._map.isNull():
            return
        painter.drawPixmap(_RIM, _RIM, self._map)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("warning"))
        painter.drawRects(self.marks)
        seen = self.seen_on_map()
        # From afar a view is smaller than a pixel of the map; it still has to be found.
        grow_x, grow_y = max(0.0, 4 - seen.width()) / 2, max(0.0, 4 - seen.height()) / 2
        fill = theme.color("accent")
        fill.setAlphaF(0.16)
        painter.setBrush(fill)
        painter.setPen(QPen(theme.color("accent"), 1.2))
        painter.drawRect(seen.adjusted(-grow_x, -grow_y, grow_x, grow_y))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: go there."""
        self._go_to(event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: go along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event.position().toPoint())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: zoom, as on the canvas."""
        self._camera.zoom_by(1.0015 ** event.angleDelta().y())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: arrows move the view."""
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        if event.key() not in steps:
            super().keyPressEvent(event)
            return
        x, y = steps[Qt.Key(event.key())]
        room = self._camera.viewport().size()
        self._camera.move_by(QPoint(round(x * room.width() * _STEP), round(y * room.height() * _STEP)))


def _share(part: QRectF, whole: QRectF) -> float:
    """How much of `whole` lies in `part`, from 0 to 1."""
    common = part.intersected(whole)
    return common.width() * common.height() / (whole.width() * whole.height())
