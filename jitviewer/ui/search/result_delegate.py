"""Draws a result of search everywhere on one line: drawing, title with its matches, detail."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from jitviewer.plain_text import plain_cells, plain_line
from jitviewer.ui.docks.tree_icons import TREE_ICONS
from jitviewer.ui.models.result_model import ENTRY_ROLE, Heading, More
from jitviewer.ui.search.results import TITLES, Command, Result
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.theme.icons import icon

Index = QModelIndex | QPersistentModelIndex

ROW, HEADING = 28, 26
_PAD, _ICON = 12, 14
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEAST_DETAIL = 60


class ResultDelegate(QStyledItemDelegate):
    """Titles of texts in the font of code; what matched in the colour of accents."""

    def __init__(self, themes: ThemeManager, parent: QObject) -> None:
        super().__init__(parent)
        self._themes = themes
        self._sans, self._mono = fonts.sans(), fonts.mono()
        self._small = fonts.sans(fonts.CAPTION)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Qt: one line."""
        return QSize(200, HEADING if isinstance(index.data(ENTRY_ROLE), Heading) else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: draw a row."""
        entry = index.data(ENTRY_ROLE)
        rect = QRectF(option.rect)  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        theme = self._themes.theme
        painter.save()
        inside = rect.adjusted(_PAD, 0, -_PAD, 0)
        if isinstance(entry, Heading):
            painter.setFont(self._small)
            painter.setPen(theme.color("text_dim"))
            painter.drawText(inside.adjusted(0, 6, 0, 0), _LEFT, TITLES[entry.kind])
            count = f"{entry.count:,}{'+' if entry.is_cut else ''}"
            painter.drawText(inside.adjusted(0, 6, 0, 0), _RIGHT, count)
        else:
            if state & QStyle.StateFlag.State_Selected:
                painter.fillRect(rect, theme.color("selection"))
            elif state & QStyle.StateFlag.State_MouseOver:
                painter.fillRect(rect, theme.color("hover"))
            if isinstance(entry, More):
                painter.setFont(self._small)
                painter.setPen(theme.color("text_dim"))
                painter.drawText(inside.adjusted(_ICON + 8, 0, 0, 0), _LEFT, f"{entry.count:,} more")
            else:
                self._paint_result(painter, inside, entry)
        painter.restore()

    def _paint_result(self, painter: QPainter, rect: QRectF, result: Result) -> None:
        theme = self._themes.theme
        name = TREE_ICONS.get(result.icon, result.icon)
        picture = icon(name, theme, "text_faint").pixmap(
            QSize(_ICON, _ICON), painter.device().devicePixelRatio()
        )
        painter.drawPixmap(int(rect.left()), int(rect.center().y() - _ICON / 2 + 1), picture)
        line = rect.adjusted(_ICON + 8, 0, 0, 0)
        is_code = result.kind not in ("commands", "modules", "classes")
        painter.setFont(self._mono if is_code else self._sans)
        wide = painter.fontMetrics().horizontalAdvance(plain_cells(result.title))
        if isinstance(result.target, Command) and result.target.keys:
            line = self._paint_keys(painter, line, result.target.keys)
        detail = plain_line(result.detail)
        room = (
            line.width() if not detail else max(line.width() * 0.55, line.width() - self._width(detail) - 16)
        )
        painter.setFont(self._mono if is_code else self._sans)
        title = QRectF(line.left(), line.top(), min(wide + 2, room), line.height())
        self._paint_title(painter, title, result)
        rest = line.adjusted(title.width() + 16, 0, 0, 0)
        if detail and rest.width() >= _LEAST_DETAIL:
            painter.setFont(self._small)
            painter.setPen(theme.color("text_dim"))
            cut = painter.fontMetrics().elidedText(detail, Qt.TextElideMode.ElideRight, int(rest.width()))
            painter.drawText(rest, _RIGHT, cut)

    def _paint_keys(self, painter: QPainter, line: QRectF, keys: str) -> QRectF:
        painter.setFont(self._small)
        painter.setPen(self._themes.theme.color("text_dim"))
        painter.drawText(line, _RIGHT, keys)
        return line.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(keys) - 16, 0)

    def _paint_title(self, painter: QPainter, rect: QRectF, result: Result) -> None:
        theme = self._themes.theme
        metrics = painter.fontMetrics()
        text, shift = _cut(result, metrics, int(rect.width()))
        left, at = rect.left(), 0
        pieces: list[tuple[int, bool]] = []
        for start, end in sorted(result.marks):
            pieces += [(start - shift, False), (end - shift, True)]
        for end, is_match in [*pieces, (len(text), False)]:
            piece = text[at : max(at, min(end, len(text)))]
            if piece:
                painter.setPen(theme.color("accent" if is_match else "text"))
                painter.drawText(
                    QRectF(left, rect.top(), rect.right() - left + 2, rect.height()), _LEFT, piece
                )
                left += metrics.horizontalAdvance(piece)
                at += len(piece)

    def _width(self, detail: str) -> int:
        return min(260, QFontMetrics(self._small).horizontalAdvance(detail))


def _cut(result: Result, metrics: QFontMetrics, width: int) -> tuple[str, int]:
    """The title as far as it fits, from where its first match can be seen; and what was left out before."""
    text, shift = plain_cells(result.title), 0
    first = min((start for start, _ in result.marks), default=0)
    if metrics.horizontalAdvance(text) > width and metrics.horizontalAdvance(text[: first + 8]) > width:
        shift = max(0, first - 12) - 1
        text = "…" + text[shift + 1 :]
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width), shift
