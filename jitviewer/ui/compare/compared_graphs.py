"""Draws two graphs beside each other, row by row: they scroll and zoom together."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from jitviewer.plain_text import plain_line
from jitviewer.protocol.comparison_rows import ComparedNodeRow
from jitviewer.ui.compare.aligned_rows import ONE_SIDE, AlignedRow
from jitviewer.ui.theme import ThemeManager, fonts

SIGNS = {
    "identical": "=", "within tolerance": "≈", "differs": "≠", "not reached": "·", ONE_SIDE: "", "": "",
}  # fmt: skip
"""What stands between two nodes, so that colours are not all there is to see."""

COLORS = {
    "identical": "success", "within tolerance": "info", "differs": "error", "not reached": "text_faint",
    ONE_SIDE: "warning", "": "text_faint",
}  # fmt: skip
"""Names of the themes' colours for what is painted."""

_ROW = 40.0
_BOX = 30.0
MIDDLE = 76
MARGIN = 14
"""Pixels between the graphs, and beside them."""

_ZOOMS = (0.4, 3.0)
_STEP = 1.15


class ComparedGraphs(QAbstractScrollArea):
    """Attributes: `rows`; `current`, the row that is looked at (-1: none); `zoom`.

    Signals: row_chosen(int): a person chose a row
    """

    row_chosen = Signal(int)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.rows: list[AlignedRow] = []
        self.current = -1
        self.zoom = 1.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Aligned graphs")
        themes.theme_changed.connect(self._on_theme_changed)

    def show_rows(self, rows: list[AlignedRow]) -> None:
        """Show other rows, from the first on."""
        self.rows = rows
        self.current = -1
        self._fit_bar()
        self.verticalScrollBar().setValue(0)
        self.viewport().update()

    def choose(self, row: int, *, centred: bool = False) -> None:
        """Look at a row, and bring it into sight."""
        if not 0 <= row < len(self.rows):
            return
        self.current = row
        height, bar = self._row_height(), self.verticalScrollBar()
        top, seen = row * height, self.viewport().height()
        if centred:
            bar.setValue(round(top + height / 2 - seen / 2))
        elif top < bar.value():
            bar.setValue(round(top))
        elif top + height > bar.value() + seen:
            bar.setValue(round(top + height - seen))
        self.viewport().update()
        self.row_chosen.emit(row)

    def set_zoom(self, zoom: float) -> None:
        """Draw larger or smaller; the middle stays where it is."""
        zoom = max(_ZOOMS[0], min(_ZOOMS[1], zoom))
        bar, seen = self.verticalScrollBar(), self.viewport().height()
        middle = (bar.value() + seen / 2) / self._row_height()
        self.zoom = zoom
        self._fit_bar()
        bar.setValue(round(middle * self._row_height() - seen / 2))
        self.viewport().update()

    def rect_of(self, row: int, *, is_left: bool) -> QRectF:
        """Where the box of one side stands in the viewport."""
        height = self._row_height()
        box, middle = _BOX * self.zoom, MIDDLE
        width = max(1.0, (self.viewport().width() - middle) / 2 - MARGIN)
        top = row * height - self.verticalScrollBar().value() + (height - box) / 2
        return QRectF(MARGIN if is_left else MARGIN + width + middle, top, width, box)

    def _row_height(self) -> float:
        return _ROW * self.zoom

    def _fit_bar(self) -> None:
        bar, seen = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, round(len(self.rows) * self._row_height()) - seen))
        bar.setPageStep(seen)
        bar.setSingleStep(round(self._row_height()))

    def _on_theme_changed(self) -> None:
        self.viewport().update()

    # --- painting -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: draw the rows in sight."""
        theme = self._themes.theme
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), theme.color("canvas"))
        height, top = self._row_height(), self.verticalScrollBar().value()
        first = max(0, int((top + event.rect().top()) / height))
        last = min(len(self.rows), int((top + event.rect().bottom()) / height) + 1)
        for number in range(first, last):
            self._paint_row(painter, number)
        painter.end()

    def _paint_row(self, painter: QPainter, number: int) -> None:
        row, theme = self.rows[number], self._themes.theme
        color = theme.color(COLORS[row.status])
        left, right = self.rect_of(number, is_left=True), self.rect_of(number, is_left=False)
        if number == self.current:
            band = QRectF(
                0, left.center().y() - self._row_height() / 2, self.viewport().width(), self._row_height()
            )
            painter.fillRect(band, theme.color("line_selection"))
        if row.left is not None and row.right is not None:
            pen = QPen(color, 2.0 if row.status == "differs" else 1.4)
            if row.status == "not reached":
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            start, end = QPointF(left.right(), left.center().y()), QPointF(right.left(), right.center().y())
            painter.drawLine(start, end)
            self._paint_sign(painter, row, (start + end) / 2, color)
        for node, rect in ((row.left, left), (row.right, right)):
            if node is not None:
                self._paint_box(painter, row, node, rect, color)

    def _paint_sign(self, painter: QPainter, row: AlignedRow, at: QPointF, color: QColor) -> None:
        sign = SIGNS[row.status]
        if not sign:
            return
        radius = 9.0 * self.zoom
        painter.setBrush(self._themes.theme.color("canvas"))
        painter.drawEllipse(at, radius, radius)
        painter.setFont(self._font(fonts.BODY, QFont.Weight.DemiBold))
        painter.setPen(color)
        box = QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, sign)

    def _paint_box(
        self, painter: QPainter, row: AlignedRow, node: ComparedNodeRow, rect: QRectF, color: QColor
    ) -> None:
        theme = self._themes.theme
        painter.setPen(QPen(color, 1.4))
        painter.setBrush(theme.mix(COLORS[row.status], "box", 0.14))
        painter.drawRoundedRect(rect, 5, 5)
        if row.flows:
            # What the first difference flows into has a bar at its side.
            painter.fillRect(QRectF(rect.left(), rect.top() + 4, 3, rect.height() - 8), theme.color("error"))
        inner = rect.adjusted(10, 0, -10, 0)
        turn = f"  turn {row.turns}" if row.turns else ""
        name = plain_line(f"{node.kind}{turn}")
        place = plain_line(_place(node))
        name_font, place_font = self._font(fonts.BODY), self._font(fonts.CAPTION)
        metrics, small = QFontMetricsF(name_font), QFontMetricsF(place_font)
        room = inner.width() - min(small.horizontalAdvance(place) + 12, inner.width() * 0.45)
        painter.setFont(name_font)
        painter.setPen(theme.color("text_dim" if row.status == "not reached" else "text"))
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.setFont(place_font)
        painter.setPen(theme.color("text_dim"))
        rest = small.elidedText(place, Qt.TextElideMode.ElideMiddle, inner.width() * 0.45)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, rest)

    def _font(self, size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        return fonts.sans(max(6, round(size * self.zoom)), weight)

    # --- Qt -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: more or fewer rows are in sight."""
        super().resizeEvent(event)
        self._fit_bar()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: choose the row below the mouse."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.choose(int((event.position().y() + self.verticalScrollBar().value()) / self._row_height()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: scroll, or zoom with Ctrl."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self.zoom * _STEP ** (event.angleDelta().y() / 120))
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: walk through the rows, to the next one that differs with N, and zoom."""
        page = max(1, int(self.viewport().height() / self._row_height()) - 1)
        steps = {
            Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: page, Qt.Key.Key_PageUp: -page,
        }  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self.choose(max(0, min(len(self.rows) - 1, self.current + step)))
        elif event.key() == Qt.Key.Key_Home:
            self.choose(0)
        elif event.key() == Qt.Key.Key_End:
            self.choose(len(self.rows) - 1)
        elif event.key() == Qt.Key.Key_N:
            self.choose_next_differing()
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.set_zoom(self.zoom * _STEP)
        elif event.key() == Qt.Key.Key_Minus:
            self.set_zoom(self.zoom / _STEP)
        else:
            super().keyPressEvent(event)

    def choose_next_differing(self) -> None:
        """Go to the next row whose values differ, from the end to the first."""
        count = len(self.rows)
        for step in range(1, count + 1):
            at = (self.current + step) % count
            if self.rows[at].status == "differs":
                self.choose(at, centred=True)
                return


def _place(node: ComparedNodeRow) -> str:
    if not node.file:
        return node.module
    name = node.file.replace("\\", "/").rpartition("/")[2]
    return f"{node.module}  {name}:{node.line}" if node.module else f"{name}:{node.line}"
