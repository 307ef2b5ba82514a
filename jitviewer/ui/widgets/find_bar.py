"""Finds words or regular expressions in the text above it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from jitviewer.ui.editors.code_editor import CodeEditor
from jitviewer.ui.editors.text_lines import Span
from jitviewer.ui.search.in_text import spans_in
from jitviewer.ui.search.pattern import Pattern
from jitviewer.ui.search.slices import Slices
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.segments import segment_button
from jitviewer.ui.widgets.styled import caption
from jitviewer.ui.widgets.tool_button import IconButton

MAX_SHOWN = 20_000
"""Matches above this are counted but not painted."""


class FindBar(QWidget):
    """Hidden until `open`; Enter and Shift+Enter walk through the matches, Escape closes.

    Attributes: `matches`, those found so far in the order of the text.
    Signals: closed()
    """

    closed = Signal()

    def __init__(self, editor: CodeEditor, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.matches: list[Span] = []
        self._at = -1
        self._slices = Slices(self)
        self.field = QLineEdit(placeholderText="Find in this text", clearButtonEnabled=True)
        self.field.setAccessibleName("Find in this text")
        self.count = caption()
        self.count.setMinimumWidth(72)
        self.case = segment_button("Aa", "Match upper and lower case")
        self.regex = segment_button(".*", "Regular expression")
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 4, 8, 4)
        line.setSpacing(4)
        line.addWidget(self.field, 1)
        line.addWidget(self.count)
        line.addWidget(self.case)
        line.addWidget(self.regex)
        line.addWidget(IconButton("up", "Previous match", themes, lambda: self.step(-1), "Shift+Return"))
        line.addWidget(IconButton("down", "Next match", themes, lambda: self.step(1), "Return"))
        line.addWidget(IconButton("close", "Close", themes, self.close_bar, "Esc"))
        # A long text is searched once the typing pauses.
        self._timer = QTimer(self, singleShot=True, interval=80)
        self._timer.timeout.connect(self._search)
        self.field.textChanged.connect(self._on_typed)
        self.case.toggled.connect(self._search)
        self.regex.toggled.connect(self._search)
        self.hide()

    def _on_typed(self) -> None:
        self._timer.start()

    def open(self) -> None:
        """Show the bar with the selected word of the text."""
        words = self._editor.selected_text()
        if words and "\n" not in words:
            self.field.setText(words)
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        self._search()

    def close_bar(self) -> None:
        """Hide the bar and its marks, and go back to the text."""
        self.hide()
        self._slices.cancel()
        self.matches = []
        self._editor.set_found(())
        self._editor.setFocus()
        self.closed.emit()

    def refresh(self) -> None:
        """The text is another one: search it."""
        if self.isVisible():
            self._search()

    def step(self, by: int) -> None:
        """Go to the next match (1) or the one before (-1)."""
        if not self.matches:
            return
        self._at = (self._at + by) % len(self.matches)
        self._editor.show_span(self.matches[self._at])
        self.count.setText(f"{self._at + 1:,} of {len(self.matches):,}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Escape and Enter."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._timer.isActive():
                self._timer.stop()
                self._search()
            self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)

    def _search(self) -> None:
        pattern = Pattern(self.field.text(), self.regex.isChecked(), self.case.isChecked())
        self.matches = []
        self._at = -1
        self._slices.start(self._find(pattern), lambda: self._on_found(pattern))

    def _find(self, pattern: Pattern) -> Iterator[None]:
        for span in spans_in(self._editor.lines, pattern) if pattern else ():
            if span is not None:
                self.matches.append(span)
            else:
                yield

    def _on_found(self, pattern: Pattern) -> None:
        words = bool(pattern.words)
        is_wrong = bool(pattern.problem) or (words and not self.matches)
        self.field.setProperty("invalid", "true" if is_wrong else "false")
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)
        self.count.setText(pattern.problem or (f"{len(self.matches):,} found" if words else ""))
        self._editor.set_found(self.matches[:MAX_SHOWN])
        # Typing goes to the match that follows what is looked at, without taking the caret there.
        first = self._editor.first_line()
        self._at = next((at - 1 for at, span in enumerate(self.matches) if span.line >= first), -1)
