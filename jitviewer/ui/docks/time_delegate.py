"""Draws a bar behind the share of a node."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from jitviewer.ui.models.time_model import SHARE_COLUMN, SHARE_ROLE
from jitviewer.ui.theme import ThemeManager


class TimeDelegate(QStyledItemDelegate):
    """For a `TimeModel`."""

    def __init__(self, themes: ThemeManager, parent: QObject) -> None:
        super().__init__(parent)
        self._themes = themes

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt: the bar, then the words."""
        if index.column() == SHARE_COLUMN:
            rect = QRectF(option.rect)  # type: ignore[attr-defined]
            width = (rect.width() - 4) * float(index.data(SHARE_ROLE))
            theme = self._themes.theme
            painter.fillRect(
                QRectF(rect.left() + 2, rect.top() + 4, width, rect.height() - 8),
                theme.mix("heat", "panel", 0.35),
            )
        super().paint(painter, option, index)
