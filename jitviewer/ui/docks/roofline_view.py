"""The roofline: how quickly each node computes, by how much it computes for each byte that it moves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from jitviewer.plain_text import plain_lines
from jitviewer.protocol.roofline import reached, ridge
from jitviewer.protocol.run_rows import MachineRow
from jitviewer.ui.models.formatting import plural, rate_text, share_text, time_text
from jitviewer.ui.models.time_groups import TimeGroup
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.widgets.plain import show_tip

_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 14, 44, 36
_LEAST_RADIUS, _RADIUS = 3.0, 9.0
_NEAR = 6.0
"""Pixels beyond a point within which it is still meant."""

_EMPTY = (
    "No node of this run has operations that are counted: there are no products and no convolutions in it."
)
_UNMEASURED = "The peaks of this machine were not measured."


class _Point(NamedTuple):
    """A group in the plot: decimal logarithms of operations a byte and operations a second."""

    group: TimeGroup
    x: float
    y: float


class RooflineView(QWidget):
    """Both axes are logarithmic; a point is as large as its share of the time, the line is what the machine
    was measured to give. A click picks the nodes of a point, arrows go from one to the next.

    Signals: nodes_picked(tuple of node ids)
    """

    nodes_picked = Signal(object)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._points: list[_Point] = []
        self._machine = MachineRow()
        self._longest_us = 0.0
        self._chosen: int | None = None
        self._range = (0.0, 1.0, 0.0, 1.0)
        self.setFont(fonts.sans(fonts.CAPTION))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(180)
        self.setAccessibleName("Roofline of the nodes")
        self.setAccessibleDescription("The arrows go from point to point, Return picks the nodes of one")
        themes.theme_changed.connect(self.update)

    def show_groups(self, groups: Sequence[TimeGroup], machine: MachineRow) -> None:
        """Show those of which both operations and bytes were counted."""
        self._machine = machine
        self._points = sorted(
            (
                _Point(group, math.log10(group.work.intensity), math.log10(group.work.flops_rate))
                for group in groups
                if group.work.intensity > 0 and group.work.flops_rate > 0
            ),
            key=lambda point: point.x,
        )
        self._longest_us = max((point.group.work.flops_us for point in self._points), default=0.0)
        self._chosen = None
        self._fit_range()
        self.update()

    def select_node(self, node_id: int) -> None:
        """Outline the point that the node is in."""
        found = (at for at, point in enumerate(self._points) if node_id in point.group.nodes)
        self._chosen = next(found, None)
        self.update()

    def point_of(self, node_id: int) -> QPointF | None:
        """Where the point of a node is, None if it has none."""
        return next((self._place(p) for p in self._points if node_id in p.group.nodes), None)

    def group_at(self, place: QPointF) -> TimeGroup | None:
        """What the point at a place stands for, None where there is none."""
        at = self._at(place)
        return None if at is None else self._points[at].group

    def _at(self, place: QPointF) -> int | None:
        best: tuple[float, int] | None = None
        for number, point in enumerate(self._points):
            there = self._place(point)
            distance = math.hypot(there.x() - place.x(), there.y() - place.y())
            if distance <= self._radius(point) + _NEAR and (best is None or distance < best[0]):
                best = distance, number
        return None if best is None else best[1]

    def _fit_range(self) -> None:
        xs, ys = [point.x for point in self._points], [point.y for point in self._points]
        if self._machine.flops and self._machine.bytes:
            corner = math.log10(ridge(self._machine))
            xs += [corner - 0.7, corner + 0.7]
            ys += [math.log10(self._machine.flops)]
        left, right = math.floor(min(xs, default=0.0)), math.ceil(max(xs, default=1.0))
        low, high = math.floor(min(ys, default=9.0)), math.ceil(max(ys, default=10.0) + 0.05)
        self._range = float(left), float(max(right, left + 1)), float(low), float(max(high, low + 1))

    def _plot(self) -> QRectF:
        inside = QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)
        inside.setWidth(max(1.0, inside.width()))
        inside.setHeight(max(1.0, inside.height()))
        return inside

    def _place_at(self, x: float, y: float) -> QPointF:
        left, right, low, high = self._range
        plot = self._plot()
        return QPointF(
            plot.left() + (x - left) / (right - left) * plot.width(),
            plot.bottom() - (y - low) / (high - low) * plot.height(),
        )

    def _place(self, point: _Point) -> QPointF:
        return self._place_at(point.x, point.y)

    def _radius(self, point: _Point) -> float:
        share = point.group.work.flops_us / self._longest_us if self._longest_us else 0.0
        return _LEAST_RADIUS + (_RADIUS - _LEAST_RADIUS) * math.sqrt(share)

    # --- Qt -----------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Qt: wide enough for the words of the axes."""
        return QSize(320, 260)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the axes, the roof, the points, the longest first so that small ones stay in sight."""
        theme = self._themes.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._points:
            painter.setPen(theme.color("text_dim"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()).adjusted(16, 8, -16, -8), int(flags), _EMPTY)
            return
        self._paint_axes(painter)
        self._paint_roof(painter)
        fill = theme.color("heat")
        fill.setAlphaF(0.55)
        order = sorted(range(len(self._points)), key=lambda at: -self._points[at].group.work.flops_us)
        for at in order:
            point = self._points[at]
            painter.setPen(QPen(theme.color("heat"), 1.0))
            painter.setBrush(fill)
            painter.drawEllipse(self._place(point), self._radius(point), self._radius(point))
        if self._chosen is not None:
            point = self._points[self._chosen]
            painter.setPen(QPen(theme.color("accent"), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(self._place(point), self._radius(point) + 2, self._radius(point) + 2)
        if self.hasFocus():
            painter.setPen(theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_axes(self, painter: QPainter) -> None:
        theme, plot = self._themes.theme, self._plot()
        left, right, low, high = self._range
        center, middle = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignVCenter
        step = max(1, math.ceil((right - left) * 44 / plot.width()))
        for power in range(int(left), int(right) + 1):
            x = self._place_at(power, low).x()
            painter.setPen(theme.color("border"))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            if (power - int(left)) % step == 0:
                painter.setPen(theme.color("text_dim"))
                place = QRectF(x - 30, plot.bottom() + 2, 60, 15)
                painter.drawText(place, int(center | middle), _power_text(power))
        for power in range(int(low), int(high) + 1):
            y = self._place_at(left, power).y()
            painter.setPen(theme.color("border"))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(theme.color("text_dim"))
            place = QRectF(2, y - 8, _LEFT - 8, 16)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignRight | middle), _rate_words(power))
        painter.setPen(theme.color("text_dim"))
        place = QRectF(2, plot.top() - 24, _LEFT - 8, 16)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignRight | middle), "FLOP/s")
        painter.drawText(
            QRectF(plot.left(), plot.bottom() + 17, plot.width(), 16),
            int(center | middle),
            "FLOP for each byte",
        )

    def _paint_roof(self, painter: QPainter) -> None:
        theme, machine = self._themes.theme, self._machine
        words = QRectF(12, 2, self.width() - 24, 16)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(theme.color("text"))
        if not machine.flops or not machine.bytes:
            painter.drawText(words, flags, _UNMEASURED)
            return
        told = (
            f"Measured peak: {rate_text(machine.flops, 'FLOP')} in float32, {rate_text(machine.bytes, 'B')}, "
            f"{plural(machine.threads, 'thread')}"
        )
        painter.drawText(
            words, flags, self.fontMetrics().elidedText(told, Qt.TextElideMode.ElideRight, int(words.width()))
        )
        top, slope = math.log10(machine.flops), math.log10(machine.bytes)
        left, right, low, _ = self._range
        # Left of the corner the memory bounds: as many operations as it brings bytes for.
        start = max(left, low - slope)
        corner = top - slope
        painter.setPen(QPen(theme.color("text_dim"), 1.6))
        painter.drawPolyline(
            [self._place_at(start, start + slope), self._place_at(corner, top), self._place_at(right, top)]
        )

    def event(self, event: QEvent) -> bool:
        """Qt: say in words what a point is."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            group = self.group_at(QPointF(event.pos()))
            show_tip(event.globalPos(), "" if group is None else self.words_about(group), self)
            return True
        return super().event(event)

    def words_about(self, group: TimeGroup) -> str:
        """What is known of a point."""
        work = group.work
        lines = [
            group.label,
            f"{rate_text(work.flops_rate, 'FLOP')}, {rate_text(work.bytes_rate, 'B')}",
            f"{work.intensity:.3g} FLOP for each byte, {time_text(work.flops_us)}",
        ]
        best = reached(work, self._machine)
        if best is not None:
            lines.append(f"{share_text(best.share)} of this machine's peak ({best.bound})")
        return "\n".join(lines)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: pick what a point stands for."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pick(self._at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: go from point to point, and pick."""
        count = len(self._points)
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        if step and count:
            self._chosen = 0 if self._chosen is None else (self._chosen + step) % count
            self.setAccessibleDescription(plain_lines(self.words_about(self._points[self._chosen].group)))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pick(self._chosen)
        else:
            super().keyPressEvent(event)

    def _pick(self, at: int | None) -> None:
        if at is None:
            return
        self._chosen = at
        self.update()
        if self._points[at].group.nodes:
            self.nodes_picked.emit(self._points[at].group.nodes)


def _power_text(power: int) -> str:
    """`0.01`, `1`, `100`, `10⁶`."""
    if -3 <= power <= 4:
        return f"{10.0**power:g}"
    return f"1e{power}"


def _rate_words(power: int) -> str:
    return rate_text(10.0**power, "").removesuffix("/s").strip()
