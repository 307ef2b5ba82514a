"""A thin line that moves while the engine works on something that was asked."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from jitviewer.ui.theme import ThemeManager

DELAY_MS = 150
"""Work shorter than this shows nothing, so that nothing flickers."""

_FRAME_MS = 33


class BusyLine(QWidget):
    """Two pixels high; still and empty unless busy."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.setFixedHeight(2)
        self._phase = 0.0
        self._delay = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._delay.timeout.connect(self._on_delay_over)
        self._frames = QTimer(self, interval=_FRAME_MS)
        self._frames.timeout.connect(self._on_frame)

    def set_busy(self, is_busy: bool) -> None:
        """Start moving after a moment, or stop."""
        if is_busy:
            if not self._frames.isActive():
                self._delay.start()
        else:
            self._delay.stop()
            self._frames.stop()
            self.update()

    def _on_delay_over(self) -> None:
        self._phase = 0.0
        self._frames.start()

    def _on_frame(self) -> None:
        self._phase = (self._phase + 0.02) % 1.0
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: draw the line."""
        if not self._frames.isActive():
            return
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._themes.theme.color("accent"))
        width = self.width() * 0.25
        painter.drawRect(QRectF((self.width() + width) * self._phase - width, 0, width, self.height()))
