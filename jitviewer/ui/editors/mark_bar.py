"""A scroll bar that shows where in the text something stands."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollBar, QWidget


class MarkBar(QScrollBar):
    """Paints marks over the groove. Attributes: `marks`, rows and the names of their colours by kind."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.marks: dict[str, frozenset[int]] = {}
        self._colors: dict[str, QColor] = {}
        self._rows = 1

    def set_colors(self, colors: dict[str, QColor]) -> None:
        """The colour of each kind; kinds that come later are painted over earlier ones."""
        self._colors = colors
        self.update()

    def set_rows(self, rows: int) -> None:
        """Rows of the whole text."""
        self._rows = max(1, rows)
        self.update()

    def set_marks(self, kind: str, rows: Iterable[int]) -> None:
        """Mark these rows."""
        self.marks[kind] = frozenset(rows)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the scroll bar, then the marks."""
        super().paintEvent(event)
        painter = QPainter(self)
        room = self.height() - 4
        for kind, color in self._colors.items():
            # Rows that fall on the same pixel are painted once.
            for top in {2 + row * room // self._rows for row in self.marks.get(kind, ())}:
                painter.fillRect(QRectF(self.width() - 6, top, 5, 2), color)
