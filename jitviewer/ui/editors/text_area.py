"""Lines of text in a scroll area: which of them are in sight, and where on the screen their parts stand."""

from __future__ import annotations

import math
from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from jitviewer.ui.editors.line_layouts import LineLayouts
from jitviewer.ui.editors.mark_bar import MarkBar
from jitviewer.ui.editors.text_lines import Place, Span, TextLines
from jitviewer.ui.editors.text_painter import MARGIN
from jitviewer.ui.theme import Theme, fonts


class TextArea(QAbstractScrollArea):
    """Rows of one height, a line each; lines that are folded away have none.

    Attributes: `lines`, the text; `layouts` of those in sight; `bar`, the vertical scroll bar, which counts
    rows; `char_width` and `line_height` in pixels.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = TextLines()
        self._measure(fonts.BODY)
        self.layouts = LineLayouts(self.font(), 4 * self.char_width, theme, self)
        self.bar = MarkBar()
        self.setVerticalScrollBar(self.bar)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)

    def _measure(self, size: int) -> None:
        self.setFont(fonts.mono(size))
        metrics = QFontMetricsF(self.font())
        self.char_width = metrics.horizontalAdvance("0")
        self.line_height = math.ceil(metrics.lineSpacing())

    def set_text_size(self, size: int) -> None:
        """Show the text in letters of so many pixels; the line at the top stays there."""
        self._measure(size)
        self.layouts.set_font(self.font(), 4 * self.char_width)

    def visible_lines(self) -> Iterator[tuple[int, float, float]]:
        """Number, top and height in pixels of each line in sight."""
        first = self.bar.value()
        last = min(self.lines.row_count, first + self.rows_in_sight() + 2)
        for row in range(first, last):
            yield (
                self.lines.line_of_row(row),
                float((row - first) * self.line_height),
                float(self.line_height),
            )

    def first_line(self) -> int:
        """The line at the top."""
        return self.lines.line_of_row(min(self.bar.value(), self.lines.row_count - 1))

    def line_at(self, y: float) -> int:
        """The line at a height in the viewport, -1 below the last."""
        row = self.bar.value() + int(y // self.line_height)
        return self.lines.line_of_row(row) if 0 <= row < self.lines.row_count else -1

    def place_at(self, point: QPointF) -> Place:
        """The place in the text nearest to a point of the viewport."""
        row = self.bar.value() + int(point.y() // self.line_height)
        line = self.lines.line_of_row(max(0, min(row, self.lines.row_count - 1)))
        x = point.x() - MARGIN + self.horizontalScrollBar().value()
        return self.lines.clamp(line, self.layouts.of(line).lineAt(0).xToCursor(x))

    def rect_of(self, span: Span) -> QRectF:
        """Where a part of a line stands in the viewport."""
        row = self.lines.row_of_line(span.line) - self.bar.value()
        shown = self.layouts.of(span.line).lineAt(0)
        left, right = (float(shown.cursorToX(at)[0]) for at in (span.start, span.end))  # type: ignore[index]
        at = MARGIN - self.horizontalScrollBar().value()
        return QRectF(at + left, row * self.line_height, right - left, self.line_height)

    def rows_in_sight(self) -> int:
        """How many whole lines fit."""
        return max(1, self.viewport().height() // self.line_height)

    def show_column(self, column: int) -> None:
        """Scroll sideways until the caret's line can be read at a column."""
        bar = self.horizontalScrollBar()
        x = column * self.char_width
        if not bar.value() <= x <= bar.value() + self.viewport().width() - 2 * MARGIN:
            bar.setValue(round(x - self.viewport().width() / 2))
