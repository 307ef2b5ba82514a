"""A read-only text whose lines stand for nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from jitviewer.protocol.rows import NodeTime, TextView
from jitviewer.ui.editors.gutter import Gutter
from jitviewer.ui.editors.highlighter import LazyHighlighter
from jitviewer.ui.theme import Theme, fonts

_EMPTY = TextView("", "graph", "", [], {})


class CodeEditor(QPlainTextEdit):
    """Shows a `TextView`: colours, line numbers, marks, times and the selected lines.

    Signals: nodes_picked(tuple of node ids): a line was clicked or walked to by key;
    line_activated(tuple of node ids): a line was double clicked or Enter pressed on it
    """

    nodes_picked = Signal(object)
    line_activated = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.view: TextView = _EMPTY
        self.selected_lines: frozenset[int] = frozenset()
        self._lines_of_node: dict[int, list[int]] = {}
        self._line_times: dict[int, float] = {}
        self._times: Mapping[int, NodeTime] = {}
        self.longest_us = self.total_us = 0.0
        self.setReadOnly(True)
        self.setFont(fonts.mono())
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setUndoRedoEnabled(False)
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self.document().setDocumentMargin(4)
        self._highlighter = LazyHighlighter(self.document(), theme)
        self._gutter = Gutter(self)
        self.updateRequest.connect(self._on_update_request)
        self._fit_gutter()

    # --- what is shown ------------------------------------------------------------------------

    @property
    def has_times(self) -> bool:
        """Whether any line has a measured time."""
        return bool(self._line_times)

    def set_view(self, view: TextView) -> None:
        """Show a text; where it changed, the place that was looked at stays in sight."""
        kept = self._first_visible_node()
        scroll = self.verticalScrollBar().value()
        is_same = view.text == self.view.text and view.language == self.view.language
        self.view = view
        self._lines_of_node = {}
        for line, nodes in enumerate(view.line_nodes):
            for node in nodes:
                self._lines_of_node.setdefault(node, []).append(line)
        if not is_same:
            self._highlighter.reset(view.language)
            self.setPlainText(view.text)
            self.verticalScrollBar().setValue(scroll)
            if kept is not None:
                node, offset = kept
                lines = self._lines_of_node.get(node)
                if lines:
                    self.verticalScrollBar().setValue(lines[0] - offset)
        self._compute_times()
        self._fit_gutter()
        if view.marks and not any(self._is_visible(line) for line in view.marks):
            self.show_line(min(view.marks))
        self._refresh()

    def set_times(self, times: Mapping[int, NodeTime]) -> None:
        """Paint these times beside the lines of their nodes."""
        self._times = times
        self._compute_times()
        self._fit_gutter()
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of this theme."""
        self.theme = theme
        self._highlighter.set_theme(theme)
        self._refresh()

    def select_nodes(self, nodes: Sequence[int], scroll: bool) -> None:
        """Show the lines of these nodes as selected, and the first of them if `scroll`."""
        self.selected_lines = frozenset(line for node in nodes for line in self._lines_of_node.get(node, ()))
        if scroll and self.selected_lines and not any(self._is_visible(line) for line in self.selected_lines):
            self.show_line(min(self.selected_lines))
        self._refresh()

    def mark_of(self, line: int) -> str:
        """What the rewrite did to a line: made, changed, matched, removed or ""."""
        return self.view.marks.get(line, "")

    def time_of(self, line: int) -> float | None:
        """Microseconds that the nodes of a line took, with what they contain."""
        return self._line_times.get(line)

    def nodes_of(self, line: int) -> tuple[int, ...]:
        """The nodes of a line."""
        return tuple(self.view.line_nodes[line]) if 0 <= line < len(self.view.line_nodes) else ()

    # --- lines on the screen ------------------------------------------------------------------

    def visible_lines(self) -> Iterator[tuple[int, float, float]]:
        """Number, top and height in pixels of each line in sight."""
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        bottom = self.viewport().height()
        while block.isValid() and top <= bottom:
            height = self.blockBoundingRect(block).height()
            yield block.blockNumber(), top, height
            top += height
            block = block.next()

    def line_at(self, y: int) -> int:
        """The line at a height in the viewport, -1 below the last."""
        for line, top, height in self.visible_lines():
            if top <= y < top + height:
                return line
        return -1

    def show_line(self, line: int) -> None:
        """Scroll so that a line stands in the upper third."""
        self.verticalScrollBar().setValue(max(0, line - self._lines_in_sight() // 3))

    def pick_line(self, line: int) -> None:
        """Select the nodes of a line, as a click on it does."""
        block = self.document().findBlockByNumber(line)
        if line >= 0 and block.isValid():
            cursor = QTextCursor(block)
            self.setTextCursor(cursor)
            self.nodes_picked.emit(self.nodes_of(line))

    def _lines_in_sight(self) -> int:
        return max(1, self.viewport().height() // max(1, self.fontMetrics().lineSpacing()))

    def _is_visible(self, line: int) -> bool:
        first = self.firstVisibleBlock().blockNumber()
        return first <= line < first + self._lines_in_sight()

    def _first_visible_node(self) -> tuple[int, int] | None:
        """A node near the top of the viewport, and how many lines below the top it stands."""
        first = self.firstVisibleBlock().blockNumber()
        if first == 0:
            return None
        for line in range(first, min(first + self._lines_in_sight(), len(self.view.line_nodes))):
            if self.view.line_nodes[line]:
                return self.view.line_nodes[line][0], line - first
        return None

    def _compute_times(self) -> None:
        self._line_times = {}
        seen: set[int] = set()
        for line, nodes in enumerate(self.view.line_nodes if self._times else ()):
            # A node that stands on several lines, an If with its blocks, counts on the first.
            fresh = [node for node in dict.fromkeys(nodes) if node not in seen]
            seen.update(fresh)
            known = [self._times[node].total_us for node in fresh if node in self._times]
            if known:
                self._line_times[line] = sum(known)
        self.longest_us = max(self._line_times.values(), default=0.0)
        self.total_us = sum(time.self_us for time in self._times.values())

    def _refresh(self) -> None:
        self.viewport().update()
        self._gutter.update()

    def _fit_gutter(self) -> None:
        width = self._gutter.wanted_width()
        self.setViewportMargins(width, 0, 0, 0)
        rect = self.contentsRect()
        self._gutter.setGeometry(QRect(rect.left(), rect.top(), width, rect.height()))

    def _on_update_request(self, rect: QRect, dy: int) -> None:
        if dy:
            self._gutter.scroll(0, dy)
        else:
            self._gutter.update(0, rect.y(), self._gutter.width(), rect.height())

    # --- Qt -----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: keep the strip beside the text."""
        super().resizeEvent(event)
        self._fit_gutter()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the backgrounds of marked and selected lines, then the text."""
        self._highlighter.colour(self.firstVisibleBlock(), self._lines_in_sight() + 2)
        painter = QPainter(self.viewport())
        width = self.viewport().width()
        for line, top, height in self.visible_lines():
            mark = self.mark_of(line)
            row = QRectF(0, top, width, height)
            if line in self.selected_lines:
                painter.fillRect(row, self.theme.color("line_selection"))
            elif mark:
                color = self.theme.mark(mark)
                color.setAlphaF(0.16)
                painter.fillRect(row, color)
            if mark:
                painter.fillRect(QRectF(0, top, 2, height), self.theme.mark(mark))
        painter.end()
        super().paintEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: a click that selected no text picks its line."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.nodes_picked.emit(self.nodes_of(self.textCursor().blockNumber()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Qt: activate the line; the word under the mouse is selected as well."""
        super().mouseDoubleClickEvent(event)
        self.line_activated.emit(self.nodes_of(self.textCursor().blockNumber()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter activates the line, up and down pick the next one."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.line_activated.emit(self.nodes_of(self.textCursor().blockNumber()))
            return
        plain = not event.modifiers()
        if plain and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = -1 if event.key() == Qt.Key.Key_Up else 1
            line = self.textCursor().blockNumber() + step
            self.pick_line(line)
            self.ensureCursorVisible()
            return
        super().keyPressEvent(event)
