"""Finds words or regular expressions in the text above it."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.segments import segment_button
from jitviewer.ui.widgets.styled import caption
from jitviewer.ui.widgets.tool_button import IconButton

MAX_SHOWN = 2000
"""Matches above this are counted but not painted."""


class FindBar(QWidget):
    """Hidden until `open`; Enter and Shift+Enter walk through the matches, Escape closes.

    Signals: closed()
    """

    closed = Signal()

    def __init__(self, editor: QPlainTextEdit, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._themes = themes
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.matches: list[tuple[int, int]] = []
        self._at = -1
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
        self.field.textChanged.connect(self._timer.start)
        self.case.toggled.connect(self._search)
        self.regex.toggled.connect(self._search)
        themes.theme_changed.connect(self._paint_matches)
        self.hide()

    def open(self) -> None:
        """Show the bar with the selected word of the text."""
        word = self._editor.textCursor().selectedText()
        if word and "\u2029" not in word:
            self.field.setText(word)
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        self._search()

    def close_bar(self) -> None:
        """Hide the bar and its marks, and go back to the text."""
        self.hide()
        self.matches = []
        self._paint_matches()
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
        self._show_match()

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
        words = self.field.text()
        self.matches = []
        self._at = -1
        problem = ""
        if words:
            try:
                flags = 0 if self.case.isChecked() else re.IGNORECASE
                pattern = re.compile(words if self.regex.isChecked() else re.escape(words), flags)
                text = self._editor.toPlainText()
                self.matches = [m.span() for m in pattern.finditer(text) if m.end() > m.start()]
            except re.error as error:
                problem = str(error.msg)
        self.field.setProperty("invalid", "true" if problem or (words and not self.matches) else "false")
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)
        self.count.setText(problem or (f"{len(self.matches):,} found" if words else ""))
        self._paint_matches()

    def _show_match(self) -> None:
        start, end = self.matches[self._at]
        cursor = QTextCursor(self._editor.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self._editor.setTextCursor(cursor)
        self._editor.centerCursor()
        self.count.setText(f"{self._at + 1:,} of {len(self.matches):,}")

    def _paint_matches(self) -> None:
        form = QTextCharFormat()
        form.setBackground(self._themes.theme.color("find"))
        marks: list[QTextEdit.ExtraSelection] = []
        for start, end in self.matches[:MAX_SHOWN]:
            mark = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self._editor.document())
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            mark.cursor, mark.format = cursor, form  # type: ignore[attr-defined]
            marks.append(mark)
        self._editor.setExtraSelections(marks)
