"""The line above a text or the canvas, which leaves out what it has no room for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from jitviewer.ui.theme import fonts
from jitviewer.ui.widgets.labels import ElidedLabel

_HEIGHT = 32
_LEAST = 220
"""Pixels: a pane can be made as narrow as this, whatever stands in its header."""


class PaneHeader(QWidget):
    """Attributes: `line`, its layout; `title`, which is cut where it does not fit, but never to nothing: as
    much of it stays as it says at first.
    """

    def __init__(self, title: ElidedLabel, spacing: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paneHeader")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(_HEIGHT)
        self.setMinimumWidth(_LEAST)
        self._groups: list[Sequence[QWidget]] = []
        self._left_out = 0
        self.title = title
        title.setObjectName("paneTitle")
        metrics = QFontMetrics(fonts.sans(fonts.BODY, QFont.Weight.DemiBold))
        title.setMinimumWidth(metrics.horizontalAdvance(f"{title.text()}…") + 2)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(12, 0, 4, 0)
        self.line.setSpacing(spacing)

    def leave_out(self, *groups: Sequence[QWidget]) -> None:
        """Where there is no room for all, do without the first of these groups, then the second."""
        self._groups = list(groups)
        self._fit()

    def _fit(self) -> None:
        left_out, wanted = self._left_out, self.line.minimumSize().width()
        while left_out and wanted + self._width_of(left_out - 1) <= self.width():
            left_out -= 1
            wanted += self._width_of(left_out)
        while left_out < len(self._groups) and wanted > self.width():
            wanted -= self._width_of(left_out)
            left_out += 1
        if left_out != self._left_out:
            self._left_out = left_out
            for number, group in enumerate(self._groups):
                for widget in group:
                    widget.setVisible(number >= left_out)

    def _width_of(self, number: int) -> int:
        return sum(widget.sizeHint().width() + self.line.spacing() for widget in self._groups[number])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: another width has room for more or less."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Qt: what stands in the line came, went or has other words."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done
