"""Colours the lines that are looked at, and no others, so that a long text opens at once."""

from __future__ import annotations

from PySide6.QtGui import QColor, QTextBlock, QTextCharFormat, QTextDocument, QTextLayout

from jitviewer.ui.editors.lexers import Token, tokens
from jitviewer.ui.editors.source_lexer import source_tokens
from jitviewer.ui.theme import Theme


class LazyHighlighter:
    """Gives the blocks of a document their colours when they come into view."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        self._document = document
        self._language = "graph"
        self._done: set[int] = set()
        self._lines: list[list[Token]] | None = None
        self._formats: dict[str, QTextCharFormat] = {}
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of this theme from now on."""
        self._formats = {}
        for kind, color in theme.syntax.items():
            form = QTextCharFormat()
            form.setForeground(QColor(color))
            self._formats[kind] = form
        self._done.clear()

    def reset(self, language: str) -> None:
        """The document has another text, in this language."""
        self._language = language
        self._done.clear()
        self._lines = None

    def colour(self, first: QTextBlock, count: int) -> None:
        """Colour `count` blocks from `first` on, those that are not coloured yet."""
        block = first
        for _ in range(count):
            if not block.isValid():
                return
            if block.blockNumber() not in self._done:
                self._done.add(block.blockNumber())
                self._colour_block(block)
            block = block.next()

    def _colour_block(self, block: QTextBlock) -> None:
        ranges: list[QTextLayout.FormatRange] = []
        for start, length, kind in self._tokens_of(block):
            part = QTextLayout.FormatRange()
            part.start, part.length, part.format = start, length, self._formats[kind]  # type: ignore[misc]
            ranges.append(part)
        block.layout().setFormats(ranges)
        self._document.markContentsDirty(block.position(), block.length())

    def _tokens_of(self, block: QTextBlock) -> list[Token]:
        if self._language != "source":
            return list(tokens(self._language, block.text()))
        if self._lines is None:
            self._lines = source_tokens(self._document.toPlainText())
        number = block.blockNumber()
        return self._lines[number] if number < len(self._lines) else []
