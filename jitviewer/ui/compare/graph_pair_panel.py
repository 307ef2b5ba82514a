"""Two graphs under their names, with how many of their nodes agree."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from jitviewer.protocol.comparison_rows import ComparisonRow
from jitviewer.ui.compare.compared_graphs import ComparedGraphs
from jitviewer.ui.compare.comparison_facts import counts
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import ElidedLabel, wrapped
from jitviewer.ui.widgets.plain import set_tip
from jitviewer.ui.widgets.styled import caption, panel

_LEAST = 140
"""Pixels: two rows and the names."""

_KEYS = "N and P go through what differs, arrows walk, the wheel scrolls, with Ctrl it zooms, F shows all."


class GraphPairPanel(QWidget):
    """Attributes: `graphs`, `counts`, `note` (shown over the graphs while there are none)."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.graphs = ComparedGraphs(themes)
        self.counts = caption()
        set_tip(self.counts, _KEYS)
        self.note = wrapped("", "caption")
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._left_name, self._right_name = ElidedLabel(), ElidedLabel()
        names = panel("paneHeader")
        both = QHBoxLayout(names)
        both.setContentsMargins(14, 4, 14, 4)
        both.setSpacing(16)
        self._left_name.setObjectName("paneTitle")
        self._right_name.setObjectName("paneTitle")
        self._right_name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        both.addWidget(self._left_name, 1)
        both.addWidget(self.counts, 0, Qt.AlignmentFlag.AlignCenter)
        both.addWidget(self._right_name, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(names)
        column.addWidget(self.graphs, 1)
        # Over the graphs, in their middle: there is room while there are none.
        over = QVBoxLayout(self.graphs)
        over.setContentsMargins(40, 20, 40, 20)
        over.addWidget(self.note, 0, Qt.AlignmentFlag.AlignVCenter)
        self._names = names
        self.setMinimumHeight(_LEAST)
        self.graphs.shown.connect(self._on_shown)
        self.show_comparison(None, "")

    def show_comparison(self, comparison: ComparisonRow | None, note: str = "") -> None:
        """Show two graphs, or why there are none."""
        has = comparison is not None
        self._names.setVisible(has)
        self.note.setVisible(not has)
        self.note.setText(note)
        if comparison is not None:
            self._left_name.setText(comparison.left_name)
            self._right_name.setText(comparison.right_name)
        self.graphs.show_comparison(comparison)

    def _on_shown(self) -> None:
        self.counts.setText(counts(self.graphs.rows))
