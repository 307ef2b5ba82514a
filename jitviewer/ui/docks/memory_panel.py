"""Memory of a run: the line along it, and what was alive at the peak."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from jitviewer.protocol.rows import NodeTime
from jitviewer.protocol.run_rows import LiveRow, MemoryRow
from jitviewer.ui.docks.memory_line import MemoryLine
from jitviewer.ui.models.formatting import bytes_text, plural
from jitviewer.ui.models.live_model import LIVE_ROLE, LiveModel
from jitviewer.ui.models.time_groups import short_kind
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import wrapped


class MemoryPanel(QWidget):
    """Attributes: `line`, `summary`, `table` with its `model`.

    Signals: node_picked(int)
    """

    node_picked = Signal(int)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = MemoryLine(themes)
        self.summary = wrapped("", "caption")
        self.summary.setContentsMargins(12, 4, 12, 6)
        self.model = LiveModel(self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setAccessibleName("What was alive when memory was most")
        self.table.setMinimumHeight(96)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(24)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for at, width in ((0, 108), (2, 68), (3, 56)):
            header.resizeSection(at, width)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.clicked.connect(self._on_clicked)
        self.table.activated.connect(self._on_clicked)
        self.line.node_picked.connect(self.node_picked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.line)
        column.addWidget(self.summary)
        column.addWidget(self.table, 1)

    def show_memory(self, memory: MemoryRow, times: Sequence[NodeTime]) -> None:
        """Show the memory of a run; `times` know its nodes. A run without a line shows nothing."""
        self.setVisible(bool(memory.points))
        by_id = {time.node_id: time for time in times}
        self.line.set_memory(memory)
        self.model.set_memory(memory, by_id)
        peak = by_id.get(memory.peak_node)
        where = f" while {short_kind(peak.kind)} #{memory.peak_node} ran" if peak is not None else ""
        words = f"At the peak of {bytes_text(memory.peak) or '0 B'}{where}, {_counted(memory)}"
        if memory.weights:
            words += f"; beside them {bytes_text(memory.weights)} of weights"
        words += f". {plural(memory.allocations, 'allocation')}"
        self.summary.setText(words + (f" of {bytes_text(memory.allocated)}." if memory.allocated else "."))

    def _on_clicked(self, index: QModelIndex) -> None:
        row = index.data(LIVE_ROLE)
        if isinstance(row, LiveRow) and row.node_id >= 0:
            self.node_picked.emit(row.node_id)


def _counted(memory: MemoryRow) -> str:
    told = f"{plural(memory.alive_count, 'tensor')} {'was' if memory.alive_count == 1 else 'were'} alive"
    rest = memory.alive_count - len(memory.alive)
    return f"{told}, the {len(memory.alive):,} largest below" if rest > 0 else told
