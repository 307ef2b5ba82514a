"""Paints the lines of a text that are in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from jitviewer.plain_text import plain_line
from jitviewer.ui.editors.text_lines import Span
from jitviewer.ui.models.formatting import plural
from jitviewer.ui.theme import fonts

if TYPE_CHECKING:
    from jitviewer.ui.editors.code_editor import CodeEditor

MARGIN = 4
"""Pixels left of the text."""


def paint_text(editor: CodeEditor) -> None:
    """Backgrounds of lines, marks of parts, the text, and what is folded away."""
    painter = QPainter(editor.viewport())
    left = MARGIN - editor.horizontalScrollBar().value()
    painter.setPen(editor.theme.color("text"))
    for line, top, height in editor.visible_lines():
        _paint_background(editor, painter, line, top, height)
        _paint_parts(editor, painter, line)
        layout = editor.layouts.of(line)
        painter.setPen(editor.theme.color("text"))
        layout.draw(painter, QPointF(left, top))
        _paint_fold(editor, painter, line, left + layout.boundingRect().width(), top, height)
    _paint_caret(editor, painter)
    painter.end()


def _paint_background(editor: CodeEditor, painter: QPainter, line: int, top: float, height: float) -> None:
    row = QRectF(0, top, editor.viewport().width(), height)
    mark = editor.mark_of(line)
    if line in editor.selected_lines:
        painter.fillRect(row, editor.theme.color("line_selection"))
    elif mark:
        color = editor.theme.mark(mark)
        color.setAlphaF(0.16)
        painter.fillRect(row, color)
    if mark:
        painter.fillRect(QRectF(0, top, 2, height), editor.theme.mark(mark))


def _paint_parts(editor: CodeEditor, painter: QPainter, line: int) -> None:
    theme = editor.theme
    for span in editor.found.get(line, ()):
        painter.fillRect(editor.rect_of(span), theme.color("find"))
        if span == editor.current_found:
            painter.setPen(theme.color("warning"))
            painter.drawRect(editor.rect_of(span).adjusted(0, 0, -1, -1))
    selected = editor.caret.columns_in(line, len(editor.lines.lines[line]))
    if selected is not None:
        painter.fillRect(editor.rect_of(Span(line, *selected)), theme.color("selection"))
    for span in editor.uses.get(line, ()):
        box = editor.rect_of(span).adjusted(-1, 1, 0, -1)
        painter.fillRect(box, theme.mix("success", "panel", 0.18))
        painter.setPen(theme.mix("success", "panel", 0.6))
        painter.drawRect(box)
    if editor.link is not None and editor.link.line == line:
        box = editor.rect_of(editor.link)
        painter.setPen(theme.color("accent"))
        painter.drawLine(box.bottomLeft() - QPointF(0, 2), box.bottomRight() - QPointF(0, 2))


def _paint_fold(
    editor: CodeEditor, painter: QPainter, line: int, right: float, top: float, height: float
) -> None:
    fold = editor.lines.closed_at(line)
    if fold is None:
        return
    words = f"{plain_line(fold.label)}  {plural(fold.last - fold.first, 'line')}".strip()
    painter.setFont(fonts.sans(fonts.CAPTION))
    width = painter.fontMetrics().horizontalAdvance(words) + 12
    box = QRectF(max(right + 12, MARGIN), top + 1.5, width, height - 3)
    painter.setPen(editor.theme.color("border_strong"))
    painter.setBrush(editor.theme.color("raised"))
    painter.drawRoundedRect(box, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(editor.theme.color("text_dim"))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)


def _paint_caret(editor: CodeEditor, painter: QPainter) -> None:
    place = editor.caret.place
    if editor.hasFocus() and not editor.lines.is_hidden(place.line):
        box = editor.rect_of(Span(place.line, place.column, place.column))
        painter.fillRect(QRectF(box.left(), box.top(), 1.5, box.height()), editor.theme.color("text"))
