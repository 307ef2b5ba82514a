"""A label of several lines that no text makes wider."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from jitviewer.plain_text import plain_lines
from jitviewer.ui.widgets.plain import PlainLabel

_BREAK = "\u200b"
_LONG_WORD = re.compile(r"\S{32,}")
"""Words that may be longer than a line of a dock; shorter ones are kept whole."""

_APART = 4
"""Letters of a long word from one place where it may break to the next."""

_NARROWEST = 48
"""Pixels that a label asks for at least, whatever it says."""


class WrappedLabel(PlainLabel):
    """Several lines that break between words, and within one that is too long for a line.

    Where a long word may break stands a sign of no width, which Qt breaks at. It is in nothing that is read
    or copied from the label. No text makes the label, or what it stands in, wider than it has to be.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setWordWrap(True)

    def setText(self, text: str) -> None:  # noqa: N802
        """Qt: show another text."""
        # Not by way of `PlainLabel`, which would make the signs of no width visible.
        super(PlainLabel, self).setText(breakable_lines(text))

    def text(self) -> str:
        """Qt: the text as it reads."""
        return super().text().replace(_BREAK, "")

    def selectedText(self) -> str:  # noqa: N802
        """Qt: the selected part as it reads."""
        return super().selectedText().replace(_BREAK, "")

    def minimumSizeHint(self) -> QSize:
        """Qt: any width will do."""
        hint = super().minimumSizeHint()
        return QSize(min(_NARROWEST, hint.width()), hint.height())

    def copy(self) -> None:
        """Copy what is selected."""
        if self.hasSelectedText():
            # Qt has signs of its own for ends of lines in what is selected.
            QGuiApplication.clipboard().setText(self.selectedText().replace("\u2029", "\n"))

    def select_all(self) -> None:
        """Select the whole text."""
        self.setSelection(0, len(super().text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: copy the text as it reads."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt: copy, or select all."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copying = menu.addAction("&Copy", self.copy)
        copying.setEnabled(self.hasSelectedText())
        menu.addAction("Select &all", self.select_all)
        menu.popup(event.globalPos())


def breakable_lines(text: str) -> str:
    """A text made plain, whose long words may break."""
    return _LONG_WORD.sub(_with_breaks, plain_lines(text))


def _with_breaks(word: re.Match[str]) -> str:
    letters = word.group()
    return _BREAK.join(letters[at : at + _APART] for at in range(0, len(letters), _APART))
