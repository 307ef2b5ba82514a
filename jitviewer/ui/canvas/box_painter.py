"""Paints one box or one open container."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPolygonF

from jitviewer.plain_text import plain_line
from jitviewer.protocol.rows import CanvasItem
from jitviewer.ui.canvas.brushes import DETAILS, LABELS, Brushes
from jitviewer.ui.canvas.picture import HEADER, Picture, rect_of
from jitviewer.ui.editors.gutter import MARK_SIGNS
from jitviewer.ui.models.formatting import share_text
from jitviewer.ui.theme.theme import mix

_RADIUS = 5.0
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_CENTER = int(Qt.AlignmentFlag.AlignCenter)


class BoxPainter:
    """Paints items of a picture in the colours of a theme."""

    def __init__(self, picture: Picture, brushes: Brushes) -> None:
        self.picture = picture
        self.brushes = brushes
        self._cut: dict[tuple[str, str], str] = {}

    def paint_box(self, painter: QPainter, item: CanvasItem, zoom: float) -> None:
        """A node, a closed container, an input or an output."""
        brushes = self.brushes
        rect = rect_of(item)
        if item.kind in ("input", "output"):
            self._paint_port(painter, item, rect, zoom)
            return
        share = self.share_of(item)
        if item.is_open is False:
            painter.setPen(brushes.border)
            painter.setBrush(brushes.frames[1])
            # A closed scope lies on what it holds; a repeat on more of its kind.
            for shift in (6, 3) if item.kind == "repeat" else (3,):
                painter.drawRoundedRect(rect.translated(shift, shift), _RADIUS, _RADIUS)
        painter.setPen(brushes.strong_border if item.is_open is False else brushes.border)
        painter.setBrush(brushes.fill(item.category, share))
        painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brushes.category(item.category))
        painter.drawRect(QRectF(rect.left() + 1, rect.top() + _RADIUS, 3, rect.height() - 2 * _RADIUS))
        left = 12.0
        if item.is_open is False:
            left = 20.0
            if zoom >= LABELS:
                self._paint_triangle(painter, rect.left() + 12, rect.top() + rect.height() / 2, False)
        if zoom >= LABELS:
            self._paint_words(painter, item, rect, left, zoom)
        self._paint_mark(painter, item, rect, zoom)

    def paint_container(self, painter: QPainter, item: CanvasItem, zoom: float) -> None:
        """An open frame with its header."""
        brushes = self.brushes
        rect = rect_of(item)
        depth = self.picture.depth[item.id]
        painter.setBrush(brushes.frames[depth % len(brushes.frames)])
        painter.setPen(brushes.block_border if item.kind == "block" else brushes.strong_border)
        if item.kind == "repeat":
            for shift in (8, 4):
                painter.drawRoundedRect(rect.translated(shift, shift), _RADIUS + 2, _RADIUS + 2)
        painter.drawRoundedRect(rect, _RADIUS + 2, _RADIUS + 2)
        if item.kind == "control":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(brushes.category(item.category))
            painter.drawRect(QRectF(rect.left() + 1, rect.top() + 6, 3, HEADER - 10))
        self._paint_mark(painter, item, rect, zoom)
        if zoom < LABELS:
            return
        left = rect.left() + 12
        if item.is_open is not None:
            self._paint_triangle(painter, rect.left() + 14, rect.top() + HEADER / 2, True)
            left = rect.left() + 24
        room = rect.right() - left - 8
        title = self._fit(item, "label", item.label, brushes.title_metrics, room)
        painter.setFont(brushes.title_font)
        painter.setPen(brushes.text)
        painter.drawText(QRectF(left, rect.top(), room, HEADER), _LEFT, title)
        if zoom >= DETAILS:
            used = brushes.title_metrics.horizontalAdvance(title) + 10
            self._paint_header_details(painter, item, left + used, rect.right() - 8)

    def _paint_header_details(self, painter: QPainter, item: CanvasItem, left: float, right: float) -> None:
        """The time of a container at the right, and what it is, as far as the name leaves room."""
        brushes = self.brushes
        painter.setFont(brushes.detail_font)
        painter.setPen(brushes.dim)
        time = self.picture.heat.get(item.id, 0.0)
        if time > 0:
            words = self._cost_words(time)
            width = brushes.detail_metrics.horizontalAdvance(words)
            if right - left < width:
                words = self.picture.cost.text(time)
                width = brushes.detail_metrics.horizontalAdvance(words)
            if right - left >= width:
                painter.drawText(QRectF(right - width, item.y, width + 2, HEADER), _LEFT, words)
                right -= width + 10
        if item.detail and right - left > 24:
            detail = self._fit(item, "detail", item.detail, brushes.detail_metrics, right - left)
            painter.drawText(QRectF(left, item.y, right - left, HEADER), _LEFT, detail)

    def paint_far_title(self, painter: QPainter, item: CanvasItem, zoom: float) -> None:
        """The name of a container seen from afar, as large on the screen as it is near by."""
        width, height = item.width * zoom, item.height * zoom
        if width < 56 or height < 24:
            return
        font = QFont(self.brushes.title_font)
        font.setPixelSize(max(1, round(11 / zoom)))
        metrics = QFontMetricsF(font)
        text = metrics.elidedText(plain_line(item.label), Qt.TextElideMode.ElideRight, item.width - 12 / zoom)
        rect = QRectF(
            item.x + 4 / zoom, item.y + 3 / zoom, metrics.horizontalAdvance(text) + 6 / zoom, 16 / zoom
        )
        under = QColor(self.brushes.background)
        under.setAlphaF(0.82)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(under)
        painter.drawRect(rect)
        painter.setPen(self.brushes.text)
        painter.setFont(font)
        painter.drawText(rect, _CENTER, text)

    def record_far(self, painter: QPainter, items: Sequence[CanvasItem]) -> None:
        """Boxes as plain rectangles, one colour after the other."""
        painter.setPen(Qt.PenStyle.NoPen)
        by_color: dict[str, list[QRectF]] = {}
        for item in items:
            share = round(self.share_of(item), 1)
            color = self.brushes.marks[item.mark].color() if item.mark else None
            color = color or self.brushes.far_fill(item.category, share)
            by_color.setdefault(color.name(), []).append(rect_of(item))
        for name, rects in by_color.items():
            painter.setBrush(QColor(name))
            painter.drawRects(rects)

    def share_of(self, item: CanvasItem) -> float:
        """The time of an item as a part of the longest that is shown, 0 without a time."""
        longest = self.picture.most
        return min(1.0, self.picture.heat.get(item.id, 0.0) / longest) if longest > 0 else 0.0

    def _paint_words(
        self, painter: QPainter, item: CanvasItem, rect: QRectF, left: float, zoom: float
    ) -> None:
        brushes = self.brushes
        room = rect.width() - left - 6
        with_detail = bool(item.detail) and rect.height() > 36
        line = QRectF(rect.left() + left, rect.top(), room, rect.height())
        if with_detail:
            line = QRectF(line.left(), rect.top() + 6, room, 17)
        painter.setFont(brushes.label_font)
        painter.setPen(brushes.text)
        painter.drawText(line, _LEFT, self._fit(item, "label", item.label, brushes.label_metrics, room))
        if with_detail and zoom >= DETAILS:
            painter.setFont(brushes.detail_font)
            painter.setPen(brushes.dim)
            detail = self._fit(item, "detail", item.detail, brushes.detail_metrics, room)
            painter.drawText(QRectF(line.left(), rect.top() + 23, room, 15), _LEFT, detail)

    def _paint_port(self, painter: QPainter, item: CanvasItem, rect: QRectF, zoom: float) -> None:
        brushes = self.brushes
        if rect.width() < 12:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(brushes.theme.color("edge"))
            painter.drawEllipse(rect)
            return
        painter.setPen(brushes.strong_border)
        painter.setBrush(brushes.box)
        painter.drawRoundedRect(rect, min(rect.height() / 2, 14), min(rect.height() / 2, 14))
        if zoom >= LABELS:
            self._paint_words(painter, item, rect, 14.0, zoom)

    def _paint_triangle(self, painter: QPainter, x: float, y: float, is_open: bool) -> None:
        if is_open:
            shape = QPolygonF([QPointF(x - 4, y - 2), QPointF(x + 4, y - 2), QPointF(x, y + 3)])
        else:
            shape = QPolygonF([QPointF(x - 2, y - 4), QPointF(x - 2, y + 4), QPointF(x + 3, y)])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.brushes.dim)
        painter.drawPolygon(shape)

    def _paint_mark(self, painter: QPainter, item: CanvasItem, rect: QRectF, zoom: float) -> None:
        if not item.mark:
            return
        brushes = self.brushes
        pen = brushes.marks[item.mark]
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(-2, -2, 2, 2), _RADIUS + 2, _RADIUS + 2)
        if zoom < LABELS:
            return
        badge = QRectF(rect.right() - 7, rect.top() - 8, 15, 15)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(pen.color())
        painter.drawEllipse(badge)
        painter.setPen(brushes.background)
        painter.setFont(brushes.title_font)
        painter.drawText(badge, _CENTER, MARK_SIGNS[item.mark])

    def paint_time(self, painter: QPainter, item: CanvasItem) -> None:
        """What a box cost: a bar as long as its share of the longest, and a label on its rim."""
        share = self.share_of(item)
        if share <= 0:
            return
        brushes = self.brushes
        rect = rect_of(item)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brushes.heat)
        painter.drawRect(QRectF(rect.left() + 5, rect.bottom() - 3, max(1.0, (rect.width() - 10) * share), 2))
        text = self._cost_words(self.picture.heat[item.id])
        width = brushes.detail_metrics.horizontalAdvance(text) + 10
        label = QRectF(rect.right() - width - 4, rect.bottom() - 6, width, 14)
        painter.setPen(brushes.border)
        painter.setBrush(mix(brushes.heat, brushes.box, 0.10 + 0.32 * share))
        painter.drawRoundedRect(label, 7, 7)
        painter.setPen(brushes.text)
        painter.setFont(brushes.detail_font)
        painter.drawText(label, _CENTER, text)

    def _cost_words(self, amount: float) -> str:
        total = self.picture.total
        return f"{self.picture.cost.text(amount)}  {share_text(amount / total if total else 0.0)}"

    def _fit(self, item: CanvasItem, part: str, text: str, metrics: QFontMetricsF, room: float) -> str:
        """The text cut to the room it has, which stays the same until the picture changes."""
        known = self._cut.get((item.id, part))
        if known is None:
            known = metrics.elidedText(plain_line(text), Qt.TextElideMode.ElideRight, room)
            self._cut[item.id, part] = known
        return known

    def forget_cuts(self) -> None:
        """The room for words changed."""
        self._cut.clear()
