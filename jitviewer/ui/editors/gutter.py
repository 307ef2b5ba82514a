"""The strip left of a text: line numbers, marks of what changed, and bars of measured time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from jitviewer.ui.models.formatting import share_text, time_text
from jitviewer.ui.theme import fonts
from jitviewer.ui.widgets.plain import show_tip

if TYPE_CHECKING:
    from jitviewer.ui.editors.code_editor import CodeEditor

MARK_SIGNS = {"made": "+", "changed": "~", "matched": "•", "removed": "\N{MINUS SIGN}"}
MARK_WORDS = {
    "made": "made by this rewrite", "changed": "changed by this rewrite",
    "matched": "what the rule matched", "removed": "removed by this rewrite",
}  # fmt: skip
FAILED = "!"
FAILED_WORDS = "the last run failed here"
_TIME_WIDTH = 64
_SIGN_WIDTH = 14
_FOLD_WIDTH = 16
_PAD = 8


class Gutter(QWidget):
    """Paints beside the visible lines of its editor; a click picks the line."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.setFont(fonts.mono(fonts.CAPTION))
        self.setAccessibleName("Line numbers, changes and times")

    def fit_text(self, size: int) -> None:
        """Use the size that goes with letters of so many pixels, as far as there is room for it."""
        self.setFont(fonts.mono(max(fonts.TEXT_SIZES[0], min(size - fonts.BODY + fonts.CAPTION, fonts.BODY))))

    def wanted_width(self) -> int:
        """Pixels needed for the number of lines, and for times if there are any."""
        most = max(self._editor.view.numbers, default=0) or len(self._editor.lines.lines)
        digits = max(2, len(str(most)))
        width = _PAD + self.fontMetrics().horizontalAdvance("9" * digits) + _SIGN_WIDTH + _FOLD_WIDTH
        return width + (_TIME_WIDTH if self._editor.has_times else 0)

    def sizeHint(self) -> QSize:
        """Qt: as wide as its contents."""
        return QSize(self.wanted_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: draw the strip beside the visible lines."""
        editor = self._editor
        theme = editor.theme
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.color("panel"))
        numbers_right = self.width() - _SIGN_WIDTH - _FOLD_WIDTH - (_TIME_WIDTH if editor.has_times else 0)
        faint, text = theme.color("text_faint"), theme.color("text")
        for line, top, height in editor.visible_lines():
            selected = line in editor.selected_lines
            if line in editor.failed_lines:
                painter.fillRect(QRectF(0, top, self.width(), height), theme.color("error_fill"))
            elif selected:
                painter.fillRect(QRectF(0, top, self.width(), height), theme.color("line_selection"))
            painter.setPen(text if selected else faint)
            row = QRect(0, round(top), numbers_right, round(height))
            painter.drawText(
                row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, editor.number_of(line)
            )
            mark = editor.mark_of(line)
            failed = line in editor.failed_lines
            if mark or failed:
                painter.setPen(theme.color("error") if failed else theme.mark(mark))
                sign = QRect(numbers_right, round(top), _SIGN_WIDTH, round(height))
                painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, FAILED if failed else MARK_SIGNS[mark])
            if editor.has_times:
                self._paint_time(painter, line, numbers_right + _SIGN_WIDTH, top, height)
            self._paint_fold(painter, line, top, height)
        painter.setPen(theme.color("border"))
        painter.drawLine(self.width() - 1, event.rect().top(), self.width() - 1, event.rect().bottom())

    def _paint_fold(self, painter: QPainter, line: int, top: float, height: float) -> None:
        """A triangle that points down beside what can be folded, and right beside what is."""
        if not self._editor.lines.folds.has(line):
            return
        middle = QPointF(self.width() - _FOLD_WIDTH / 2 - 1, top + height / 2)
        is_closed = self._editor.lines.closed_at(line) is not None
        corners = ((-2, -4), (3, 0), (-2, 4)) if is_closed else ((-4, -2), (4, -2), (0, 3))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._editor.theme.color("text" if is_closed else "text_faint"))
        painter.drawPolygon([middle + QPointF(x, y) for x, y in corners])
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_time(self, painter: QPainter, line: int, left: int, top: float, height: float) -> None:
        time = self._editor.time_of(line)
        if time is None or self._editor.times.longest_us <= 0:
            return
        theme = self._editor.theme
        room = _TIME_WIDTH - 6
        share = min(1.0, time / self._editor.times.longest_us)
        painter.fillRect(
            QRectF(left, top + 2, max(1.0, room * share), height - 4),
            theme.mix("heat", "panel", 0.22 + 0.2 * share),
        )
        painter.fillRect(QRectF(left, top + height - 4, max(1.0, room * share), 2), theme.color("heat"))
        painter.setPen(theme.color("text" if share > 0.1 else "text_dim"))
        painter.drawText(
            QRect(left, round(top), room - 2, round(height)),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            time_text(time),
        )

    def event(self, event: QEvent) -> bool:
        """Qt: say in words what a mark or a bar means."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            line = self._editor.line_at(event.pos().y())
            words: list[str] = []
            mark = self._editor.mark_of(line)
            if mark:
                words.append(MARK_WORDS[mark])
            if line in self._editor.failed_lines:
                words.append(FAILED_WORDS)
            time = self._editor.time_of(line)
            if time is not None:
                share = time / self._editor.times.total_us if self._editor.times.total_us else 0.0
                words.append(f"{time_text(time)}, {share_text(share)} of all nodes together")
            show_tip(event.globalPos(), "\n".join(words), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: fold where the triangle is, else pick the line."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        line = self._editor.line_at(event.position().y())
        if event.position().x() >= self.width() - _FOLD_WIDTH and self._editor.lines.folds.has(line):
            self._editor.toggle_fold(line)
        else:
            self._editor.pick_line(line)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: the text below is not released as well."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: scroll the text."""
        self._editor.wheelEvent(event)
