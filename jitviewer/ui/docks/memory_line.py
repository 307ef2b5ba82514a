"""Memory along a run, as a line under the timeline."""

from __future__ import annotations

from bisect import bisect_right

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from jitviewer.plain_text import plain_line
from jitviewer.protocol.run_rows import MemoryPointRow, MemoryRow
from jitviewer.ui.models.formatting import bytes_text, time_text
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.widgets.plain import show_tip

_PAD = 12
"""As in the timeline, so that times stand below each other."""

_TOP, _HEIGHT = 20, 92


class MemoryLine(QWidget):
    """Steps: what was alive while each node ran, the peak with a mark. A click picks the node.

    Signals: node_picked(int)
    """

    node_picked = Signal(int)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._memory = MemoryRow()
        self._times: list[float] = []
        self._start_us = self._span_us = 0.0
        self.setFont(fonts.sans(fonts.CAPTION))
        self.setFixedHeight(_HEIGHT)
        self.setAccessibleName("Memory along the run")
        themes.theme_changed.connect(self.update)

    def set_memory(self, memory: MemoryRow) -> None:
        """Show this line."""
        self._memory = memory
        self._times = [point.at_us for point in memory.points]
        self.setAccessibleDescription(plain_line(f"The most at once: {bytes_text(memory.peak) or '0 B'}"))
        self.update()

    def show_range(self, start_us: float, span_us: float) -> None:
        """Show what the timeline shows."""
        self._start_us, self._span_us = start_us, span_us
        self.update()

    def point_at(self, place: QPointF) -> MemoryPointRow | None:
        """What was alive at a horizontal place, None before and after the run."""
        if not self._times or self._span_us <= 0:
            return None
        time = self._start_us + (place.x() - _PAD) / self._room() * self._span_us
        # A point stands where its node ended: what is in sight before it is its own.
        at = min(bisect_right(self._times, time), len(self._times) - 1)
        return self._memory.points[at]

    def _room(self) -> float:
        return max(1.0, self.width() - 2.0 * _PAD)

    def _x_of(self, time: float) -> float:
        return _PAD + (time - self._start_us) / self._span_us * self._room()

    def _y_of(self, count: int) -> float:
        room = self.height() - _TOP - 6
        return _TOP + room * (1 - count / self._memory.peak) if self._memory.peak else float(_TOP + room)

    # --- Qt -----------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Qt: as wide as there is room."""
        return QSize(300, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the steps in sight, and how much the highest is."""
        theme, memory = self._themes.theme, self._memory
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("panel"))
        if not memory.points or self._span_us <= 0:
            return
        base = self._y_of(0)
        painter.setPen(theme.color("border"))
        painter.drawLine(QPointF(_PAD, _TOP), QPointF(self.width() - _PAD, _TOP))
        painter.drawLine(QPointF(_PAD, base), QPointF(self.width() - _PAD, base))
        painter.save()
        painter.setClipRect(QRectF(_PAD, 0, self._room(), self.height()))
        steps: list[QPointF] = []
        x = self._x_of(0.0)
        for point in memory.points:
            y = self._y_of(point.bytes)
            steps.append(QPointF(x, y))
            x = self._x_of(point.at_us)
            steps.append(QPointF(x, y))
        area = QPolygonF([QPointF(steps[0].x(), base), *steps, QPointF(x, base)])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.mix("accent", "panel", 0.22))
        painter.drawPolygon(area)
        painter.setPen(QPen(theme.color("accent"), 1.3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(steps)
        painter.restore()
        painter.setPen(theme.color("text_dim"))
        told = f"Memory: {bytes_text(memory.peak)} at most"
        painter.drawText(
            QRectF(_PAD, 0, self._room(), _TOP - 2),
            int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), told,
        )  # fmt: skip

    def event(self, event: QEvent) -> bool:
        """Qt: say how much it was."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            point = self.point_at(QPointF(event.pos()))
            words = ""
            if point is not None:
                words = f"{bytes_text(point.bytes) or '0 B'} alive, {time_text(point.at_us)} after the start"
            show_tip(event.globalPos(), words, self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: pick the node that ran then."""
        point = self.point_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and point is not None and point.node_id >= 0:
            self.node_picked.emit(point.node_id)
