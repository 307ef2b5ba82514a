"""Lines laid out for painting, coloured, and kept while they are looked at."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextLayout, QTextOption

from jitviewer.plain_text import plain_cells
from jitviewer.ui.editors.lexers import LONGEST, Token, tokens
from jitviewer.ui.editors.source_lexer import SourceTokens
from jitviewer.ui.editors.text_lines import TextLines
from jitviewer.ui.theme import Theme

_MOST = 400


class LineLayouts(QObject):
    """Lays lines out when they are painted.

    Signals: coloured(): lines that were plain have colours now
    """

    coloured = Signal()

    def __init__(self, font: QFont, tab: float, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._font = font
        self._option = QTextOption()
        self._option.setWrapMode(QTextOption.WrapMode.NoWrap)
        self._option.setTabStopDistance(tab)
        # Letters written from right to left do not turn the whole line.
        self._option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        self._language = "graph"
        self._lines = TextLines()
        self._source: SourceTokens | None = None
        self._kept: dict[int, QTextLayout] = {}
        self._formats: dict[str, QTextCharFormat] = {}
        self._colouring = QTimer(self, interval=0)
        self._colouring.timeout.connect(self._colour_more)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of this theme."""
        self._formats = {}
        for kind, color in theme.syntax.items():
            form = QTextCharFormat()
            form.setForeground(QColor(color))
            self._formats[kind] = form
        self._kept.clear()

    def set_font(self, font: QFont, tab: float) -> None:
        """Use another font, whose tabs are so many pixels wide."""
        self._font = font
        self._option.setTabStopDistance(tab)
        self._kept.clear()

    def set_lines(self, lines: TextLines, language: str) -> None:
        """Lay out another text."""
        self._lines, self._language = lines, language
        self._kept.clear()
        self._source = SourceTokens(lines.text) if language == "source" else None
        self._colouring.stop()

    def of(self, line: int) -> QTextLayout:
        """A line, laid out and coloured."""
        layout = self._kept.get(line)
        if layout is None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            layout = self._kept[line] = self._make(line)
        return layout

    def _make(self, line: int) -> QTextLayout:
        # One character for one, so that places in the text are those on the screen.
        text = plain_cells(self._lines.lines[line])
        if len(text) > LONGEST:
            text = f"{text[:LONGEST]} … {len(text) - LONGEST:,} more characters"
        layout = QTextLayout(text, self._font)
        layout.setTextOption(self._option)
        layout.setCacheEnabled(True)
        parts: list[QTextLayout.FormatRange] = []
        for start, length, kind in self._tokens(line, text):
            part = QTextLayout.FormatRange()
            part.start, part.length, part.format = start, length, self._formats[kind]  # type: ignore[misc]
            parts.append(part)
        layout.setFormats(parts)
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        return layout

    def _tokens(self, line: int, text: str) -> list[Token]:
        if self._source is None:
            return list(tokens(self._language, text))
        found = self._source.of(line)
        if found is None:
            self._colouring.start()
        return found or []

    def _colour_more(self) -> None:
        if self._source is None or self._source.is_complete:
            self._colouring.stop()
            return
        self._source.advance()
        self._kept.clear()
        self.coloured.emit()
