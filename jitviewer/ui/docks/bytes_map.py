"""A map of where the bytes are: modules and their tensors as tiles, two levels at a time."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from jitviewer.plain_text import plain_line
from jitviewer.protocol.rows import TreeRow
from jitviewer.ui.models.formatting import bytes_text, share_text
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.widgets.plain import show_tip
from jitviewer.ui.widgets.treemap_layout import tiles

_HEADER = 16.0
_LEAST_LABEL = 28.0
_MOST, _MOST_IN_ALL = 400, 1000
"""Tiles in a module, and those after which no module shows its inside: more could not be told apart."""

_KINDS = ("module", "parameter", "buffer", "attribute", "tensor")
_WORDS = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True)
class Tile:
    """A row of the tree and where it stands; `depth` 0 stands in the map itself, 1 inside another tile."""

    row: TreeRow
    rect: QRectF
    depth: int


class BytesMap(QWidget):
    """Shows what one module holds.

    Attributes: `tiles`, `root` (the module whose inside is shown, None without bytes), `current`.
    Signals: row_picked(TreeRow): a tile was clicked or walked to
    """

    row_picked = Signal(object)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._children: dict[int, list[TreeRow]] = {}
        self._by_id: dict[int, TreeRow] = {}
        self.root: TreeRow | None = None
        self.current = 0
        self.tiles: list[Tile] = []
        self.setFont(fonts.sans(fonts.CAPTION))
        self.setMinimumHeight(96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Map of where the bytes are")
        themes.theme_changed.connect(self.update)

    def set_rows(self, rows: list[TreeRow]) -> None:
        """Show the archive whose tree has these rows."""
        self._by_id = {row.id: row for row in rows}
        self._children = {}
        for row in rows:
            if row.bytes > 0 and row.kind in _KINDS:
                self._children.setdefault(row.parent, []).append(row)
        for children in self._children.values():
            children.sort(key=lambda row: -row.bytes)
        first = self._children.get(0, [])
        self.root = first[0] if first else None
        self.current = 0
        self._lay_out()

    def show_row(self, row: TreeRow) -> None:
        """Outline a row, going up or down to where its tile can be seen."""
        if row.id == self.current or row.bytes <= 0 or row.kind not in _KINDS:
            return
        self.current = row.id
        if all(tile.row.id != row.id for tile in self.tiles) and self.root is not None:
            above = self._by_id.get(row.parent)
            if above is not None and row.id != self.root.id:
                self.root = above
                self._lay_out()
        self.update()

    def go_into(self, row: TreeRow) -> None:
        """Show the inside of a module."""
        if self._children.get(row.id):
            self.root = row
            self._lay_out()

    def go_up(self) -> None:
        """Show the module around the one whose inside is shown."""
        above = self._by_id.get(self.root.parent) if self.root is not None else None
        if above is not None:
            self.root = above
            self._lay_out()

    def tile_at(self, point: QPointF) -> Tile | None:
        """The innermost tile at a point."""
        return next((tile for tile in reversed(self.tiles) if tile.rect.contains(point)), None)

    def _title(self) -> str:
        if self.root is None:
            return ""
        name = self.root.path.removesuffix(":") or "All weights"
        return f"{name}  ·  {bytes_text(self.root.bytes)}"

    def _lay_out(self) -> None:
        self.tiles = []
        root = self.root
        if root is not None:
            area = QRectF(self.rect()).adjusted(8, _HEADER + 6, -8, -8)
            rows, rects = self._largest(root, area)
            for row, rect in zip(rows, rects, strict=True):
                self.tiles.append(Tile(row, rect, 0))
                self._lay_out_inside(row, rect)
        self.update()

    def _lay_out_inside(self, row: TreeRow, rect: QRectF) -> None:
        inside = rect.adjusted(3, _HEADER, -3, -3)
        if inside.width() > 12 and inside.height() > 12 and len(self.tiles) < _MOST_IN_ALL:
            rows, rects = self._largest(row, inside)
            self.tiles += [Tile(child, place, 1) for child, place in zip(rows, rects, strict=True)]

    def _largest(self, row: TreeRow, area: QRectF) -> tuple[list[TreeRow], list[QRectF]]:
        """The largest things in a module, and where their tiles stand; what is left is the rest's."""
        below = self._children.get(row.id, [])
        shown = below[:_MOST]
        sizes = [child.bytes for child in shown]
        rest = sum(child.bytes for child in below[_MOST:])
        return shown, tiles([*sizes, rest] if rest else sizes, area)[: len(shown)]

    # --- Qt -----------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Qt: a third of the dock."""
        return QSize(240, 180)

    def resizeEvent(self, event: QEvent) -> None:
        """Qt: divide anew."""
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the title, then tiles from the outermost in."""
        theme = self._themes.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.setPen(theme.color("text_dim"))
        words = QRectF(8, 2, self.width() - 16, _HEADER)
        painter.drawText(words, _WORDS, self._cut(painter, self._title(), words.width()))
        for tile in self.tiles:
            self._paint_tile(painter, tile)

    def _paint_tile(self, painter: QPainter, tile: Tile) -> None:
        theme = self._themes.theme
        is_tensor = tile.row.kind != "module"
        share = 0.3 if is_tensor else 0.12 if tile.depth == 0 else 0.2
        box = tile.rect.adjusted(0.5, 0.5, -1.5, -1.5)
        painter.fillRect(
            box, theme.mix("accent_fill" if tile.row.kind != "buffer" else "success", "panel", share)
        )
        is_current = tile.row.id == self.current
        painter.setPen(theme.color("accent" if is_current else "border_strong"))
        painter.drawRect(box)
        if is_current:
            painter.drawRect(box.adjusted(1, 1, -1, -1))
        if box.width() >= _LEAST_LABEL and box.height() >= _HEADER - 2:
            painter.setPen(theme.color("text"))
            words = QRectF(box.left() + 4, box.top() + 1, box.width() - 6, min(_HEADER - 1, box.height()))
            painter.drawText(words, _WORDS, self._cut(painter, tile.row.name, words.width()))

    def _cut(self, painter: QPainter, text: str, width: float) -> str:
        return painter.fontMetrics().elidedText(plain_line(text), Qt.TextElideMode.ElideRight, int(width))

    def event(self, event: QEvent) -> bool:
        """Qt: say what a tile is and how much of the whole it takes."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tile = self.tile_at(QPointF(event.pos()))
            if tile is not None and self.root is not None:
                row = tile.row
                name = row.path if row.kind == "module" else f"{row.path}.{row.name}".lstrip(".")
                share = share_text(row.bytes / self.root.bytes)
                of_what = f"of {self.root.path or 'all'}"
                words = f"{row.kind} {name}\n{row.detail}\n{bytes_text(row.bytes)}, {share} {of_what}"
                show_tip(event.globalPos(), words, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: pick a tile; the title goes up."""
        tile = self.tile_at(event.position())
        if tile is not None:
            self.current = tile.row.id
            self.row_picked.emit(tile.row)
            self.update()
        elif event.position().y() < _HEADER + 4:
            self.go_up()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Qt: go into a module."""
        tile = self.tile_at(event.position())
        if tile is not None:
            self.go_into(tile.row if tile.row.kind == "module" else self._by_id[tile.row.parent])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: arrows walk through the tiles, Enter goes into a module, Backspace up."""
        step = {
            Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1,
        }.get(Qt.Key(event.key()))  # fmt: skip
        places = [tile.row for tile in self.tiles]
        at = next((number for number, row in enumerate(places) if row.id == self.current), -1)
        if step is not None and places:
            row = places[max(0, min(len(places) - 1, at + step))]
            self.current = row.id
            self.row_picked.emit(row)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and at >= 0:
            self.go_into(places[at])
        elif event.key() == Qt.Key.Key_Backspace:
            self.go_up()
        else:
            super().keyPressEvent(event)
