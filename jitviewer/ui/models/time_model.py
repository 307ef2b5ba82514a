"""The measured times as a table, one line a node."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from jitviewer.protocol.rows import NodeTime
from jitviewer.ui.models.formatting import share_text, time_text

Index = QModelIndex | QPersistentModelIndex

COLUMNS = ("Node", "Self", "Share", "Total", "Calls", "Types")
_HELP = (
    "The operator",
    "Time in the node itself, median over the repeats",
    "Its part of the time of all nodes",
    "Time with nested blocks and calls, median over the repeats",
    "Calls in one run",
    "Observed types of the outputs",
)

TIME_ROLE = Qt.ItemDataRole.UserRole
SHARE_ROLE = Qt.ItemDataRole.UserRole + 1
"""The `NodeTime` of a line, and its share of the time of all nodes (0 to 1)."""


class TimeModel(QAbstractTableModel):
    """Lines of `NodeTime`, sorted by any column; by self time, longest first, until asked otherwise."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[NodeTime] = []
        self._total_us = 0.0
        self._sorting = (1, Qt.SortOrder.DescendingOrder)

    def set_times(self, times: Iterable[NodeTime]) -> None:
        """Show these times."""
        self.beginResetModel()
        self._rows = list(times)
        self._total_us = sum(row.self_us for row in self._rows)
        self._sort()
        self.endResetModel()

    def row_of_node(self, node_id: int) -> int:
        """The line of a node, -1 if it was not measured."""
        return next((at for at, row in enumerate(self._rows) if row.node_id == node_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: the number of nodes."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: node, self, share, total, calls, types."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: text, alignment, tool tip and row of a cell."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        column = index.column()
        share = row.self_us / self._total_us if self._total_us else 0.0
        if role == Qt.ItemDataRole.DisplayRole:
            kind = row.kind.removeprefix("aten::")
            types = ", ".join(row.types)
            return (
                kind,
                time_text(row.self_us),
                share_text(share),
                time_text(row.total_us),
                str(row.calls),
                types,
            )[column]
        if role == Qt.ItemDataRole.TextAlignmentRole and 1 <= column <= 4:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            spread = (
                f"shortest {time_text(row.min_us)}, half of the repeats within {time_text(row.spread_us)}"
            )
            return f"{row.kind}\n{spread}\n{', '.join(row.types)}".rstrip()
        if role == TIME_ROLE:
            return row
        if role == SHARE_ROLE:
            return share
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Qt: names of the columns and what they mean."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _HELP[section]
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Qt: sort by a column."""
        self.beginResetModel()
        self._sorting = (column, order)
        self._sort()
        self.endResetModel()

    def _sort(self) -> None:
        column, order = self._sorting
        keys = (
            lambda row: row.kind,
            lambda row: row.self_us,
            lambda row: row.self_us,
            lambda row: row.total_us,
            lambda row: row.calls,
            lambda row: row.types,
        )
        if 0 <= column < len(keys):
            self._rows.sort(key=keys[column], reverse=order == Qt.SortOrder.DescendingOrder)
