"""Labels that give way when there is no room."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from jitviewer.plain_text import plain_line
from jitviewer.ui.widgets.plain import PlainLabel, set_tip
from jitviewer.ui.widgets.wrapped_label import WrappedLabel

_LEAST = 5
_LEAST_OF_A_PART = 9
"""Letters of a text, and of its second part, that are worth to be shown with three dots."""

_PARTED = "  ·  "


class ElidedLabel(PlainLabel):
    """One line that ends in an ellipsis where it does not fit; the whole text is its tool tip then."""

    def __init__(
        self,
        text: str = "",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:  # noqa: N802
        """Qt: show another text. A name may hold line feeds."""
        super().setText(plain_line(text))
        self._offer_whole()

    def minimumSizeHint(self) -> QSize:
        """Qt: any width will do."""
        return QSize(24, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Qt: the whole text on one line."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: offer the whole text where it is cut."""
        super().resizeEvent(event)
        self._offer_whole()

    def _offer_whole(self) -> None:
        set_tip(self, self.text() if self._is_cut() else "")

    def shown_text(self) -> str:
        """As much of the text as fits; nothing rather than a letter and three dots.

        Of a text in parts, `Code  ·  forward`, only the first where hardly any of the second would stand.
        """
        whole = self.text()
        shown = self.fontMetrics().elidedText(whole, self._mode, self.contentsRect().width())
        first, dot, rest = whole.partition(_PARTED)
        if dot and shown != whole and len(shown) - len(first + dot) < min(_LEAST_OF_A_PART, len(rest)):
            shown = self.fontMetrics().elidedText(first, self._mode, self.contentsRect().width())
        return "" if len(shown) < min(_LEAST, len(first)) else shown

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: draw as much of the text as fits."""
        painter = QPainter(self)
        rect = self.contentsRect()
        text = self.shown_text()
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(rect, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), text)

    def _is_cut(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()


def wrapped(text: str = "", name: str = "") -> WrappedLabel:
    """A label that breaks its lines and can be selected and copied."""
    label = WrappedLabel(text)
    label.setObjectName(name)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    # Selectable text would otherwise take the focus on every walk through the window by Tab.
    label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return label
