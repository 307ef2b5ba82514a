"""Two graphs beside each other on one canvas, row by row: they scroll and zoom together."""

from __future__ import annotations

from itertools import chain

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from jitviewer.plain_text import plain_line
from jitviewer.protocol.comparison_rows import ComparisonRow
from jitviewer.protocol.rows import CanvasItem
from jitviewer.ui.canvas.picture import Picture
from jitviewer.ui.canvas.scene import GraphScene
from jitviewer.ui.canvas.view import GraphView
from jitviewer.ui.compare.aligned_places import BOX_HEIGHT, BOX_WIDTH, ROW, WIDTH, left_of, middle_of, top_of
from jitviewer.ui.compare.aligned_rows import AlignedRow, add_rows, first_row
from jitviewer.ui.compare.compared_picture import box_of, fill_picture, row_of
from jitviewer.ui.compare.compared_scene import ComparedScene
from jitviewer.ui.search.slices import Slices
from jitviewer.ui.theme import Theme, ThemeManager

_STEP = 1.15
_LEAST_ZOOM = 0.7
"""A window that is less wide shows the left graph, and the right one as far as there is room."""


class ComparedGraphs(GraphView):
    """Attributes: `rows`; `current`, the row that is looked at (-1: none); `first`, the row that differs
    first (-1: none); `is_ready`, whether all of the picture is there.

    Signals: shown(): all rows are there; row_chosen(int): another row is looked at
    """

    shown = Signal()
    row_chosen = Signal(int)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(themes.theme, parent)
        self._themes = themes
        self.rows: list[AlignedRow] = []
        self.current = self.first = -1
        self._slices = Slices(self)
        # Until a person looks around, what was chosen stays in the middle, however large the window gets.
        self._keeps_middle = False
        self.setAccessibleName("Aligned graphs")
        self.item_picked.connect(self._on_picked)
        themes.theme_changed.connect(self._on_theme_changed)

    def make_scene(self, theme: Theme) -> GraphScene:
        """A scene with joins between the columns."""
        return ComparedScene(theme)

    @property
    def is_ready(self) -> bool:
        """Whether nothing of the picture is still being made."""
        return not self._slices.is_working

    def show_comparison(self, comparison: ComparisonRow | None) -> None:
        """Show two graphs, with what differs first in the middle; None for nothing."""
        self.rows, self.current, self.first = [], -1, -1
        picture = Picture()
        if comparison is None:
            self._slices.cancel()
            self._take(picture, [], -1)
            return
        rows: list[AlignedRow] = []
        work = chain(add_rows(comparison, rows), fill_picture(picture, comparison, rows))
        self._slices.start(work, lambda: self._take(picture, rows, first_row(comparison, rows)))

    def _take(self, picture: Picture, rows: list[AlignedRow], first: int) -> None:
        self.rows, self.first = rows, first
        scene = self.graph
        assert isinstance(scene, ComparedScene)
        scene.set_rows(self.rows, self.first)
        self.set_picture(picture, "", True)
        self.shown.emit()
        if self.rows:
            self._set_zoom(min(1.0, max(_LEAST_ZOOM, self._room().width() / WIDTH)))
            self.choose(self.first if self.first >= 0 else self._first_pair(), centred=True)

    def _first_pair(self) -> int:
        """The first row that both sides have; what one of them begins with may be long."""
        pairs = (number for number, row in enumerate(self.rows) if row.left and row.right)
        return next(pairs, 0)

    def choose(self, row: int, *, centred: bool = False) -> None:
        """Look at a row, and bring it into sight."""
        if not 0 <= row < len(self.rows):
            return
        self.current = row
        boxes = (box_of(row, is_left=is_left) for is_left in (True, False))
        items = [item for item in map(self.graph.picture.by_id.get, boxes) if item is not None]
        self.graph.select_items(items)
        words = " beside ".join(item.label for item in items)
        self.setAccessibleDescription(plain_line(f"{words}, {self.rows[row].status}"))
        if centred:
            self._keeps_middle = True
            self._show_middle()
        else:
            self._keeps_middle = False
            self.show_rect(QRectF(0, top_of(row), WIDTH, BOX_HEIGHT) & self._columns())
        self.row_chosen.emit(row)

    def choose_next_differing(self, by: int = 1) -> None:
        """Go to the next row whose values differ, with -1 to the one before, from the end to the first."""
        count = len(self.rows)
        for step in range(1, count + 1):
            at = (self.current + by * step) % count
            if self.rows[at].status == "differs":
                self.choose(at, centred=True)
                return

    def rect_of(self, row: int, *, is_left: bool) -> QRectF:
        """Where the box of one side stands in the viewport."""
        rect = QRectF(left_of(is_left), top_of(row), BOX_WIDTH, BOX_HEIGHT)
        return QRectF(self.mapFromScene(rect).boundingRect())

    def _show_middle(self) -> None:
        self.center(QPointF(WIDTH / 2, middle_of(max(0, self.current))))

    def _columns(self) -> QRectF:
        """What of a row has to be in sight: all of it, if there is room."""
        seen = self.seen()
        return QRectF(seen.left(), 0, seen.width(), max(1.0, len(self.rows) * ROW))

    def _on_theme_changed(self) -> None:
        self.set_theme(self._themes.theme)

    def _on_picked(self, item: CanvasItem | None) -> None:
        if item is not None:
            self.choose(row_of(item.id))

    # --- Qt -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: more or fewer rows are in sight."""
        super().resizeEvent(event)
        if self._keeps_middle and self.rows:
            self._set_zoom(min(1.0, max(_LEAST_ZOOM, self._room().width() / WIDTH)))
            self._show_middle()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: scroll, or zoom with Ctrl."""
        self._keeps_middle = False
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(_STEP ** (event.angleDelta().y() / 120), event.position().toPoint())
        else:
            delta = event.angleDelta()
            is_across = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            across, down = (delta.y() or delta.x(), 0) if is_across else (delta.x(), delta.y())
            self.move_by(QPoint(-across, -down))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: walk through the rows, to those that differ with N and P, and zoom."""
        page = max(1, int(self.viewport().height() / (ROW * self.zoom())) - 1)
        steps = {
            Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: page, Qt.Key.Key_PageUp: -page,
        }  # fmt: skip
        key, last = Qt.Key(event.key()), len(self.rows) - 1
        is_plain = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if key in steps and is_plain:
            self.choose(max(0, min(last, self.current + steps[key])))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.choose(0 if key == Qt.Key.Key_Home else last)
        elif key in (Qt.Key.Key_N, Qt.Key.Key_P):
            self.choose_next_differing(1 if key == Qt.Key.Key_N else -1)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / _STEP)
        elif key == Qt.Key.Key_F and not event.modifiers():
            self._keeps_middle = False
            self.fit()
        else:
            super().keyPressEvent(event)
