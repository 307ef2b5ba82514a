"""The view of the graph as a camera: where it stands, how near it is, and how it moves."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from jitviewer.ui.canvas.scene import GraphScene
from jitviewer.ui.theme import Theme

MIN_ZOOM, MAX_ZOOM = 0.001, 4.0
LEAST_BREADTH = 6.0
"""Pixels across a graph, however long it is: a thinner one could not be seen."""

FIRST_MIN_ZOOM = 0.75
"""A graph that would be smaller than this when it is first shown begins at its top instead."""


class Camera(QGraphicsView):
    """Shows `graph`, a `GraphScene`.

    Signals: zoom_changed(float); moved(): another part is in sight, or the same in another size
    """

    zoom_changed = Signal(float)
    moved = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.graph = self.make_scene(theme)
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
        self.horizontalScrollBar().valueChanged.connect(self.moved)
        self.verticalScrollBar().valueChanged.connect(self.moved)
        self._wants_first_place = True
        # Until the person moves the picture, a change of the window places it anew.
        self._is_untouched = True
        self._size = QSize()
        self._kept = QRectF()
        self._settling = QTimer(self, singleShot=True, interval=0)
        self._settling.timeout.connect(self._on_settled)
        self.setBackgroundBrush(QColor(theme.color("canvas")))

    def make_scene(self, theme: Theme) -> GraphScene:
        """The scene that is shown."""
        return GraphScene(theme)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of this theme."""
        self.setBackgroundBrush(QColor(theme.color("canvas")))
        self.graph.set_theme(theme)

    def seen(self) -> QRectF:
        """The part of the scene that is in sight."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def zoom(self) -> float:
        """Screen pixels per scene pixel."""
        return self.transform().m11()

    def least_zoom(self) -> float:
        """The zoom from which on the graph would be too thin to be seen."""
        bounds = self.graph.picture.bounds
        breadth = min(bounds.width(), bounds.height())
        return min(FIRST_MIN_ZOOM, max(MIN_ZOOM, LEAST_BREADTH / breadth)) if breadth > 0 else MIN_ZOOM

    def zoom_by(self, factor: float, at: QPoint | None = None) -> None:
        """Zoom so that the scene under a point of the viewport (its middle) stays there."""
        point = at if at is not None else self.viewport().rect().center()
        target = min(MAX_ZOOM, max(self.least_zoom(), self.zoom() * factor))
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
        self._set_zoom(min(MAX_ZOOM, max(self.least_zoom(), zoom)))
        self._center(QPointF(x, y))

    def place(self) -> tuple[float, float, float] | None:
        """Zoom and the point in the middle, which `look_at` takes; None until somebody moved the picture."""
        if self._is_untouched or self._wants_first_place:
            return None
        room, zoom = self.viewport(), self.zoom()
        # As `centerOn` counts: a pixel less would add up on the way to and fro.
        x = (self.horizontalScrollBar().value() + room.width() / 2) / zoom
        y = (self.verticalScrollBar().value() + room.height() / 2) / zoom
        return zoom, x, y

    def show_rect(self, rect: QRectF) -> None:
        """Move as little as is needed for a rectangle of the scene to be in sight."""
        seen = self.seen()
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
        self.moved.emit()

    def _room(self) -> QRectF:
        return QRectF(self.viewport().rect()).adjusted(24, 24, -24, -24)

    def _fit_rect(self, rect: QRectF, largest: float) -> None:
        self._is_untouched = False
        room = self._room()
        if rect.isEmpty() or room.isEmpty():
            return
        zoom = min(room.width() / rect.width(), room.height() / rect.height(), largest)
        zoom = max(self.least_zoom(), zoom)
        self._set_zoom(zoom)
        # Along the side that is too long for the room it begins where reading does.
        across, down = min(rect.width(), room.width() / zoom), min(rect.height(), room.height() / zoom)
        self._center(rect.topLeft() + QPointF(across, down) / 2)

    def center(self, point: QPointF) -> None:
        """Bring a point of the scene to the middle."""
        self._is_untouched = False
        self._center(point)

    def move_by(self, delta: QPoint) -> None:
        """Look at what is so many pixels further right and down."""
        self._move_by(delta)

    def show_middle(self, rect: QRectF) -> None:
        """Bring the middle of a rectangle to the middle, unless all of it is well in sight."""
        seen = self.seen()
        rim_x, rim_y = seen.width() * 0.1, seen.height() * 0.1
        if not seen.adjusted(rim_x, rim_y, -rim_x, -rim_y).contains(rect):
            self.center(rect.center())

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
        seen = self.seen()
        if not seen.intersects(self.graph.picture.bounds):
            self.place_first()

    def _on_settled(self) -> None:
        """The room has its size: what is selected and was in sight before is so again."""
        kept, self._kept = self._kept, QRectF()
        if not kept.isNull() and kept == self.graph.selected_rect():
            self.show_rect(kept)

    # --- Qt -----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: keep the middle in the middle, and what is selected in sight if it was."""
        # Of what was behind another tab Qt does not say how large it was.
        old, self._size = self._size, event.size()
        centre = self.mapToScene(QPoint(old.width() // 2, old.height() // 2))
        if old.isValid() and not self._settling.isActive():
            # A layout may come by a size that has room for nothing.
            selected = self.graph.selected_rect()
            seen = self.mapToScene(QRect(QPoint(0, 0), old)).boundingRect()
            self._kept = selected if seen.contains(selected) else QRectF()
            self._settling.start()
        super().resizeEvent(event)
        self._fit_scene_rect()
        if self._wants_first_place or self._is_untouched:
            self.place_first()
        elif old.isValid():
            self._center(centre)
