"""The way of foreign text into Qt: letter for letter, whatever Qt would take it for."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, Qt
from PySide6.QtWidgets import QLabel, QToolTip, QWidget

from jitviewer.plain_text import plain_line, plain_lines

_IN_A_MENU = 60
"""Letters of an entry of a menu, which is as wide as the longest of them."""


class PlainLabel(QLabel):
    """A label that takes no text for markup, and shows the characters that would hide."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802
        """Qt: show another text."""
        super().setText(plain_lines(text))


def plain_tip(text: str) -> str:
    """What Qt shows as this text in a tool tip, where it guesses whether a text is markup."""
    shown = plain_lines(text)
    if not Qt.mightBeRichText(shown):
        return shown
    return f'<p style="white-space:pre-wrap">{escape(shown)}</p>'


def set_tip(widget: QWidget | QAction, text: str) -> None:
    """Give a widget or an action a tool tip."""
    widget.setToolTip(plain_tip(text))


def show_tip(at: QPoint, text: str, widget: QWidget) -> None:
    """Show a tool tip at a place of the screen, or none for an empty text."""
    QToolTip.showText(at, plain_tip(text), widget)


def key_text(text: str) -> str:
    """What Qt shows as this text on a button, a tab or in a menu, where `&` marks a key."""
    return plain_line(text).replace("&", "&&")


def menu_text(text: str) -> str:
    """What stands in a menu or on a button for a text that may be long: its beginning and its end."""
    shown = plain_line(text)
    if len(shown) > _IN_A_MENU:
        half = (_IN_A_MENU - 1) // 2
        shown = f"{shown[:half]}…{shown[-half:]}"
    return key_text(shown)


def title_text(text: str) -> str:
    """What Qt shows as this text in the title of a window, where `[*]` is a mark for changes."""
    return plain_line(text).replace("[*]", "[*][*]")
