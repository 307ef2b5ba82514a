"""When each node ran in the last repeat: bars in rows by nesting, to zoom into and to pick from."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from jitviewer.plain_text import plain_line
from jitviewer.protocol.run_rows import SpanRow
from jitviewer.ui.models.formatting import time_text
from jitviewer.ui.models.time_groups import short_kind
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.widgets.plain import show_tip

_AXIS = 24
_ROW = 20
_PAD = 12
_LEAST_US = 0.5
_TICK_PX = 90
_STEPS = (1, 2, 5)


class TimelineView(QWidget):
    """Longer bars are stronger in colour. The wheel zooms, dragging moves, a click picks a node.

    Attributes: `start_us` and `span_us`, the part in sight.
    Signals: node_picked(int); range_changed(): another part is in sight
    """

    node_picked = Signal(int)
    range_changed = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._rows: list[list[SpanRow]] = []
        self._starts: list[list[float]] = []
        self._ends: list[list[float]] = []
        self._end_us = 0.0
        self._longest_us = 0.0
        self._selected = -1
        self._pressed: QPointF | None = None
        self._has_moved = False
        self.start_us = self.span_us = 0.0
        self.setFont(fonts.sans(fonts.CAPTION))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(_AXIS + 2 * _ROW)
        self.setAccessibleName("Timeline of the last repeat")
        self.setAccessibleDescription("Plus and minus zoom, the arrows move, Home shows everything")
        themes.theme_changed.connect(self.update)

    def set_spans(self, spans: Sequence[SpanRow]) -> None:
        """Show these spans, all of them in sight."""
        # By the depths that there are, so that no number decides how many rows are made.
        by_depth: dict[int, list[SpanRow]] = {}
        for span in spans:
            by_depth.setdefault(span.depth, []).append(span)
        self._rows = [by_depth[depth] for depth in sorted(by_depth)]
        self._starts = [[span.start_us for span in row] for row in self._rows]
        self._ends = [[span.start_us + span.us for span in row] for row in self._rows]
        self._end_us = max((span.start_us + span.us for span in spans), default=0.0)
        self._longest_us = max((span.us for span in self._leaves()), default=0.0)
        self.show_all()

    def select_node(self, node_id: int) -> None:
        """Outline the bars of a node."""
        self._selected = node_id
        self.update()

    def show_all(self) -> None:
        """Bring everything in sight."""
        self.start_us, self.span_us = 0.0, max(self._end_us, _LEAST_US)
        self.range_changed.emit()
        self.update()

    def zoom(self, factor: float, at: float | None = None) -> None:
        """Zoom in by a factor, keeping what is at the horizontal place `at` (pixels) where it is."""
        x = self.width() / 2 if at is None else at
        time = self._time_at(x)
        span = min(max(self.span_us / factor, _LEAST_US), max(self._end_us, _LEAST_US))
        self.start_us = time - (x - _PAD) / self._room() * span
        self.span_us = span
        self._stay_inside()

    def move_by(self, share: float) -> None:
        """Move by a share of what is in sight."""
        self.start_us += share * self.span_us
        self._stay_inside()

    def span_at(self, place: QPointF) -> SpanRow | None:
        """The bar at a place, None if there is none."""
        depth = int((place.y() - _AXIS) // _ROW)
        if place.y() < _AXIS or not 0 <= depth < len(self._rows):
            return None
        time = self._time_at(place.x())
        at = bisect_right(self._starts[depth], time) - 1
        slack = self.span_us / self._room()
        if at >= 0 and time <= self._rows[depth][at].start_us + self._rows[depth][at].us + slack:
            return self._rows[depth][at]
        return None

    def _leaves(self) -> list[SpanRow]:
        """Spans of operators; what has others inside would outshine them."""
        spans = [span for row in self._rows for span in row]
        return [span for span in spans if not span.kind.startswith("prim::")] or spans

    def _room(self) -> float:
        return max(1.0, self.width() - 2.0 * _PAD)

    def _time_at(self, x: float) -> float:
        return self.start_us + (x - _PAD) / self._room() * self.span_us

    def _x_of(self, time: float) -> float:
        return _PAD + (time - self.start_us) / self.span_us * self._room()

    def _stay_inside(self) -> None:
        self.start_us = max(0.0, min(self.start_us, max(0.0, self._end_us - self.span_us)))
        self.range_changed.emit()
        self.update()

    # --- Qt -----------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Qt: all rows."""
        return QSize(300, _AXIS + max(2, len(self._rows)) * _ROW + _PAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the axis, then the bars in sight."""
        theme = self._themes.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("panel"))
        if not self._rows:
            return
        self._paint_axis(painter)
        for depth in range(len(self._rows)):
            self._paint_row(painter, depth)
        if self.hasFocus():
            painter.setPen(theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_axis(self, painter: QPainter) -> None:
        theme = self._themes.theme
        step = _nice_step(self.span_us * _TICK_PX / self._room())
        first, last = math.ceil(self.start_us / step), math.floor((self.start_us + self.span_us) / step)
        for number in range(first, last + 1):
            # Counted: a step that is small beside the time would not move it.
            tick = number * step
            x = self._x_of(tick)
            painter.setPen(theme.color("border"))
            painter.drawLine(QPointF(x, _AXIS - 4), QPointF(x, self.height()))
            painter.setPen(theme.color("text_dim"))
            place = QRectF(x - _TICK_PX / 2, 0, _TICK_PX, _AXIS - 4)
            if tick > 0 and place.right() <= self.width():
                painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), time_text(tick))
            elif not tick:
                place = QRectF(x, 0, _TICK_PX, _AXIS - 4)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), "0")

    def _paint_row(self, painter: QPainter, depth: int) -> None:
        theme = self._themes.theme
        row, starts, ends = self._rows[depth], self._starts[depth], self._ends[depth]
        end_us = self.start_us + self.span_us
        pixel_us = self.span_us / self._room()
        at = max(0, bisect_right(starts, self.start_us) - 1)
        top = _AXIS + depth * _ROW
        metrics = painter.fontMetrics()
        while at < len(row) and starts[at] <= end_us:
            span = row[at]
            left, right = self._x_of(span.start_us), self._x_of(span.start_us + span.us)
            if right < 0:
                at += 1
                continue
            bar = QRectF(left, top + 2, max(1.0, right - left), _ROW - 4)
            strength = 0.25 + 0.75 * min(1.0, span.us / self._longest_us if self._longest_us else 1.0)
            painter.fillRect(bar, theme.mix("heat", "panel", 0.7 * strength))
            if span.node_id == self._selected and not span.function:
                painter.setPen(theme.color("accent"))
                painter.drawRect(bar.adjusted(0, 0, -1, -1))
            inside = bar.intersected(QRectF(self.rect())).adjusted(4, 0, -4, 0)
            if inside.width() > 24:
                painter.setPen(theme.color("text"))
                words = metrics.elidedText(
                    plain_line(short_kind(span.kind)), Qt.TextElideMode.ElideRight, int(inside.width())
                )
                painter.drawText(
                    inside, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words
                )
            # Of bars within the same pixel one is enough.
            at = at + 1 if right - left >= 1 else bisect_left(ends, span.start_us + pixel_us, at + 1)

    def event(self, event: QEvent) -> bool:
        """Qt: say in words what a bar is."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            span = self.span_at(QPointF(event.pos()))
            words = ""
            if span is not None:
                words = f"{span.kind}\n{time_text(span.us)}, {time_text(span.start_us)} after the start"
                if span.function:
                    words += f"\nin {span.function}"
            show_tip(event.globalPos(), words, self)
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: zoom, or move sideways."""
        delta = event.angleDelta()
        if abs(delta.x()) > abs(delta.y()) or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.move_by(-(delta.x() or delta.y()) / 1200)
        else:
            self.zoom(1.0015 ** delta.y(), event.position().x())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: begin a drag or a click."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._has_moved = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: drag what is in sight."""
        if self._pressed is None:
            return
        moved = event.position().x() - self._pressed.x()
        if self._has_moved or abs(moved) > 3:
            self._has_moved = True
            self._pressed = event.position()
            self.move_by(-moved / self._room())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: a click picks the node of a bar."""
        if self._pressed is not None and not self._has_moved:
            span = self.span_at(event.position())
            if span is not None and not span.function:
                self.node_picked.emit(span.node_id)
        self._pressed = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: plus and minus zoom, arrows move, Home shows everything."""
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal | Qt.Key.Key_Up:
                self.zoom(1.4)
            case Qt.Key.Key_Minus | Qt.Key.Key_Down:
                self.zoom(1 / 1.4)
            case Qt.Key.Key_Left:
                self.move_by(-0.2)
            case Qt.Key.Key_Right:
                self.move_by(0.2)
            case Qt.Key.Key_Home:
                self.show_all()
            case _:
                super().keyPressEvent(event)


def _nice_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20, ... that is not below `least`."""
    power = 1e-3
    while True:
        for step in _STEPS:
            if step * power >= least:
                return step * power
        power *= 10
