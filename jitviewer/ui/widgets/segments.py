"""Small buttons that stay pressed: single options, and a choice of one among several."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from jitviewer.ui.widgets.plain import key_text, set_tip


def segment_button(text: str, tip: str) -> QPushButton:
    """A small button that stays pressed."""
    button = QPushButton(key_text(text))
    button.setCheckable(True)
    button.setObjectName("segment")
    set_tip(button, tip)
    button.setAccessibleName(tip)
    return button


class Segments(QWidget):
    """A choice of one among a few.

    Signals: chosen(int): the person chose another
    """

    chosen = Signal(int)

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        for number, (text, tip) in enumerate(choices):
            button = segment_button(text, tip)
            self._group.addButton(button, number)
            line.addWidget(button)
        self._group.idClicked.connect(self.chosen)
        self.set_choice(0)

    def set_choice(self, number: int) -> None:
        """Show this one as chosen."""
        self._group.button(number).setChecked(True)

    def describe(self, number: int, text: str, tip: str) -> None:
        """Give a choice another name."""
        button = self.button(number)
        button.setText(key_text(text))
        set_tip(button, tip)
        button.setAccessibleName(tip)

    def offer(self, number: int, is_offered: bool) -> None:
        """Show a choice, or leave it out."""
        self.button(number).setVisible(is_offered)

    def button(self, number: int) -> QPushButton:
        """One of the buttons."""
        found = self._group.button(number)
        assert isinstance(found, QPushButton)
        return found
