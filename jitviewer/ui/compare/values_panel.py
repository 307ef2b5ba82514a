"""The two values of a row of a comparison: figures, elements, histogram and heat map of the difference."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from jitviewer.protocol.comparison_rows import ComparisonRow
from jitviewer.ui.compare.aligned_rows import AlignedRow
from jitviewer.ui.compare.comparison_facts import look_of, row_facts
from jitviewer.ui.docks.facts_browser import FactsBrowser
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.histogram import Histogram, MatrixPicture
from jitviewer.ui.widgets.styled import caption, panel

_HINT = "Choose a node of the graphs above to see both of its values."


class ValuesPanel(QScrollArea):
    """Attributes: `facts`, `histogram` and `picture` (of the difference)."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._shown: tuple[ComparisonRow, AlignedRow] | None = None
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.facts = FactsBrowser()
        self.facts.setAccessibleName("Values of the chosen nodes")
        self.histogram, self.picture = Histogram(themes), MatrixPicture(themes)
        self._look = panel("form")
        spread = QVBoxLayout(self._look)
        spread.setContentsMargins(0, 14, 14, 12)
        spread.setSpacing(6)
        spread.addWidget(caption("How many are how far apart"))
        spread.addWidget(self.histogram)
        self._heading = caption()
        spread.addWidget(self._heading)
        spread.addWidget(self.picture)
        spread.addStretch(1)
        inner = panel("form")
        line = QHBoxLayout(inner)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.facts, 3, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._look, 2)
        self.setWidget(inner)
        themes.theme_changed.connect(self._show)
        self._show()

    def show_row(self, comparison: ComparisonRow | None, row: AlignedRow | None) -> None:
        """Show the values of a row; None for nothing."""
        self._shown = None if comparison is None or row is None else (comparison, row)
        self._show()

    def _show(self) -> None:
        theme = self._themes.theme
        most = "brightest" if theme.is_dark else "darkest"
        self._heading.setText(f"Where: {most} is furthest apart")
        if self._shown is None:
            self._look.hide()
            self.facts.show_hint(_HINT, theme)
            return
        comparison, row = self._shown
        found = look_of(comparison, row)
        look = found.look if found is not None else None
        self._look.setVisible(look is not None)
        if look is not None:
            self.histogram.set_look(look)
            self.picture.set_look(look)
            has_picture = bool(look.picture) and look.rows * look.columns > 1
            self.picture.setVisible(has_picture)
            self._heading.setVisible(has_picture)
        node = row.left or row.right
        self.facts.show_facts(node.kind if node is not None else "", row_facts(comparison, row), theme)
