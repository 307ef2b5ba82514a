"""A unified diff with what is added and removed in colours of their own."""

from __future__ import annotations

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from jitviewer.plain_text import plain_lines
from jitviewer.ui.theme import ThemeManager, fonts

_COLORS = {"+": "success", "-": "error", "@": "text_dim"}
_HEADS = 2
_LINES = 24
"""Lines that are seen without scrolling, where there are as many."""


class PatchText(QPlainTextEdit):
    """Read-only, as high as its lines up to some."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(fonts.mono())
        self.setAccessibleName("Change that was tried and cures")
        self._colors = _PatchColors(self.document(), themes)
        themes.theme_changed.connect(self._colors.rehighlight)

    def show_patch(self, patch: str) -> None:
        """Show a diff."""
        self.setPlainText(plain_lines(patch.rstrip("\n")))
        lines = min(_LINES, self.blockCount())
        margins = 2 * round(self.document().documentMargin()) + self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + margins)


class _PatchColors(QSyntaxHighlighter):
    def __init__(self, document: QTextDocument, themes: ThemeManager) -> None:
        super().__init__(document)
        self._themes = themes

    def highlightBlock(self, text: str) -> None:
        """Qt: colour a line by its first letter."""
        # The first two lines name the file.
        name = "text_dim" if self.currentBlock().blockNumber() < _HEADS else _COLORS.get(text[:1])
        if name is not None:
            style = QTextCharFormat()
            style.setForeground(self._themes.theme.color(name))
            self.setFormat(0, len(text), style)
