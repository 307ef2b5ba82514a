"""The header of a view whose last columns are numbers, no wider than these are."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QHeaderView, QStyle, QWidget

from jitviewer.ui.theme import fonts

_PADDING = 6
"""Pixels on each side of a name, as the style sheet has them."""


class NumberHeader(QHeaderView):
    """Keeps room for the mark of the order in the column that is sorted by, and not in all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.sortIndicatorChanged.connect(self._on_order_changed)

    def sectionSizeFromContents(self, logicalIndex: int) -> QSize:  # noqa: N802, N803
        """Qt: the name, and the mark where there is one."""
        size = super().sectionSizeFromContents(logicalIndex)
        name = str(self.model().headerData(logicalIndex, self.orientation()) or "")
        metrics = QFontMetrics(fonts.sans(fonts.CAPTION, QFont.Weight.DemiBold))
        mark = self.style().pixelMetric(QStyle.PixelMetric.PM_HeaderMarkSize, None, self) + 2 * _PADDING
        width = metrics.horizontalAdvance(name) + 2 * _PADDING
        return QSize(width + (mark if logicalIndex == self.sortIndicatorSection() else 0), size.height())

    def _on_order_changed(self) -> None:
        self.resizeSections()
