"""A button that no text makes wider."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from jitviewer.plain_text import plain_line
from jitviewer.ui.widgets.plain import key_text

_NARROWEST = 48
_WIDE = 1000
"""Pixels."""


class ElidedButton(QPushButton):
    """A button whose text gives way in the middle where there is no room for it."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        policy = self.sizePolicy()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, policy.verticalPolicy())
        self.set_words(text)

    def set_words(self, text: str) -> None:
        """Show this, letter for letter."""
        self._whole = plain_line(text)
        self._fit()
        self.updateGeometry()

    @property
    def words(self) -> str:
        """What is on the button where there is room."""
        return self._whole

    def sizeHint(self) -> QSize:
        """Qt: room for the whole text."""
        return self._around(self.fontMetrics().horizontalAdvance(self._whole) + 1)

    def minimumSizeHint(self) -> QSize:
        """Qt: any width will do."""
        return QSize(_NARROWEST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: cut the text anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # Styles have a least width, of which a wide text is free.
        rim = self._around(_WIDE).width() - _WIDE
        words = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideMiddle, self.width() - rim)
        self.setText(key_text(words))

    def _around(self, width: int) -> QSize:
        """The size of a button with a text of this width."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        inside = QSize(width, self.fontMetrics().height())
        return self.style().sizeFromContents(QStyle.ContentsType.CT_PushButton, option, inside, self)
