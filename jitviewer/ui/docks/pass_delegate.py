"""Draws a pass as a row with a switch, its summary, and what it did."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from jitviewer.protocol.rows import PassReportRow, PassRow
from jitviewer.ui.models.formatting import plural
from jitviewer.ui.models.pass_model import PASS_ROLE, REPORT_ROLE
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.theme.fonts import BODY, CAPTION

Index = QModelIndex | QPersistentModelIndex

_HEIGHT = 48
_SWITCH = QSize(28, 16)
_PAD = 12
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class PassDelegate(QStyledItemDelegate):
    """A click anywhere on the switch's side, or Space, switches a pass."""

    def __init__(self, themes: ThemeManager, parent: QObject) -> None:
        super().__init__(parent)
        self._themes = themes
        self._name_font = fonts.sans(BODY)
        self._small_font = fonts.sans(CAPTION)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Qt: two lines."""
        return QSize(200, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: draw a row."""
        theme = self._themes.theme
        rect = QRectF(option.rect)  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("hover"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("raised"))
        row: PassRow = index.data(PASS_ROLE)
        report: PassReportRow | None = index.data(REPORT_ROLE)
        is_on = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
        self._paint_switch(painter, rect, is_on)
        left = rect.left() + _PAD + _SWITCH.width() + _PAD
        right = rect.right() - _PAD
        upper = QRectF(left, rect.top() + 6, right - left, 18)
        lower = QRectF(left, rect.top() + 25, right - left, 16)
        effect = _effect(report)
        painter.setFont(self._small_font)
        metrics = painter.fontMetrics()
        used = metrics.horizontalAdvance(effect) + 8 if effect else 0
        is_inert = report is not None and not report.changed
        painter.setPen(theme.color("text_faint" if is_inert else "success"))
        painter.drawText(upper, _RIGHT, effect)
        painter.setPen(theme.color("text_dim"))
        painter.drawText(
            lower, _LEFT, metrics.elidedText(row.summary, Qt.TextElideMode.ElideRight, int(lower.width()))
        )
        painter.setFont(self._name_font)
        painter.setPen(theme.color("text_dim" if is_inert else "text"))
        name = painter.fontMetrics().elidedText(
            row.name, Qt.TextElideMode.ElideRight, int(upper.width() - used)
        )
        painter.drawText(upper, _LEFT, name)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(0.5, 0.5, -1.5, -1.5))
        painter.restore()

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Qt: switch by click on the switch or by Space."""
        if event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            rect = option.rect  # type: ignore[attr-defined]
            on_switch = event.position().x() <= rect.left() + _SWITCH.width() + 2 * _PAD
            if event.button() == Qt.MouseButton.LeftButton and on_switch:
                return _flip(model, index)
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
        ):
            return _flip(model, index)
        return False

    def _paint_switch(self, painter: QPainter, rect: QRectF, is_on: bool) -> None:
        theme = self._themes.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = rect.top() + (rect.height() - _SWITCH.height()) / 2
        body = QRectF(rect.left() + _PAD, top, _SWITCH.width(), _SWITCH.height())
        painter.setPen(theme.color("accent_fill" if is_on else "border_strong"))
        painter.setBrush(theme.color("accent_fill" if is_on else "raised"))
        painter.drawRoundedRect(body, body.height() / 2, body.height() / 2)
        size = body.height() - 6
        x = body.right() - size - 3 if is_on else body.left() + 3
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("on_accent" if is_on else "text_faint"))
        painter.drawEllipse(QRectF(x, body.top() + 3, size, size))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _flip(model: QAbstractItemModel, index: Index) -> bool:
    is_on = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
    return model.setData(
        index, Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole
    )


def _effect(report: PassReportRow | None) -> str:
    """What a pass did, in a few words."""
    if report is None:
        return ""
    if not report.changed:
        return "no change"
    delta = report.nodes_after - report.nodes_before
    nodes = f", {delta:+,} nodes".replace("-", "\N{MINUS SIGN}") if delta else ""
    return plural(report.steps, "rewrite") + nodes
