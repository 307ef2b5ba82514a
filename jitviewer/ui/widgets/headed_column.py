"""A line with what something is called and what can be done with it, and the thing itself below."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget


class HeadedColumn(QWidget):
    """Attributes: `head`, the line; `column`, which begins with it.

    `rim` are the pixels left, above, right and below, `gap` those between what stands below each other.
    """

    def __init__(
        self, rim: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 3, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(*rim)
        self.column.setSpacing(gap)
        self.column.addLayout(self.head)
