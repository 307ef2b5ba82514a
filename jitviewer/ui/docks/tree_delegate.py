"""Draws a line of the tree: its name, and beside it, dimmer, what is told of it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from jitviewer.plain_text import plain_line
from jitviewer.protocol.rows import TreeRow
from jitviewer.ui.models.tree_model import ROW_ROLE
from jitviewer.ui.theme import ThemeManager, fonts

Index = QModelIndex | QPersistentModelIndex

_GAP = 8
_LEAST = 24
_PLACE = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class TreeDelegate(QStyledItemDelegate):
    """One column has room for both where two would cut both."""

    def __init__(self, themes: ThemeManager, parent: QObject) -> None:
        super().__init__(parent)
        self._themes = themes
        self._small = fonts.sans(fonts.CAPTION)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: the line as the style draws it, then the detail in what room is left."""
        super().paint(painter, option, index)
        row: TreeRow | None = index.data(ROW_ROLE)
        if row is None or not row.detail:
            return
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        style = QApplication.style()
        words: QRect = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, shown)
        metrics = shown.fontMetrics  # type: ignore[attr-defined]
        left = words.left() + metrics.horizontalAdvance(plain_line(row.name)) + 6 + _GAP
        room = QRect(left, words.top(), option.rect.right() - left - 4, words.height())  # type: ignore[attr-defined]
        if room.width() >= _LEAST:
            painter.save()
            painter.setFont(self._small)
            painter.setPen(self._themes.theme.color("text_dim"))
            text = painter.fontMetrics().elidedText(
                plain_line(row.detail), Qt.TextElideMode.ElideRight, room.width()
            )
            painter.drawText(room, _PLACE, text)
            painter.restore()
