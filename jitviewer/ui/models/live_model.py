"""What was alive when a run held the most memory, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from jitviewer.plain_text import plain_line
from jitviewer.protocol.rows import NodeTime
from jitviewer.protocol.run_rows import LiveRow, MemoryRow
from jitviewer.ui.models.formatting import bytes_text, share_text
from jitviewer.ui.models.time_groups import short_kind
from jitviewer.ui.widgets.plain import plain_tip

Index = QModelIndex | QPersistentModelIndex

LIVE_ROLE = Qt.ItemDataRole.UserRole
"""The `LiveRow` of a line."""

_HEADS = ("Made by", "Type", "Size", "Share")
_TIPS = (
    "The node that made it, or that it is an input",
    "Type, shape and element type of the tensor that was seen in it first",
    "Bytes of the storage, which views of it share",
    "Its part of the most that was alive at once",
)


class LiveModel(QAbstractTableModel):
    """Lines of storages, the largest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._memory = MemoryRow()
        self._times: Mapping[int, NodeTime] = {}

    def set_memory(self, memory: MemoryRow, times: Mapping[int, NodeTime]) -> None:
        """Show what was alive at this peak; `times` know the nodes."""
        self.beginResetModel()
        self._memory, self._times = memory, times
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: a line for each storage that is told."""
        return 0 if parent.isValid() else len(self._memory.alive)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: maker, type, size, share."""
        return 0 if parent.isValid() else len(_HEADS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: text, alignment, tool tip and row of a cell."""
        if not index.isValid():
            return None
        row = self._memory.alive[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return plain_line(self._words(row)[index.column()])
        if role == Qt.ItemDataRole.ToolTipRole:
            time = self._times.get(row.node_id)
            places = (time.module, time.source) if time is not None else ()
            return plain_tip("\n".join(word for word in (*self._words(row)[:3], *places) if word))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() >= 2:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return row if role == LIVE_ROLE else None

    def _words(self, row: LiveRow) -> tuple[str, str, str, str]:
        time = self._times.get(row.node_id)
        maker = f"{short_kind(time.kind)}  #{row.node_id}" if time is not None else f"#{row.node_id}"
        share = row.bytes / self._memory.peak if self._memory.peak else 0.0
        return ("input" if row.node_id < 0 else maker, row.type, bytes_text(row.bytes), share_text(share))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Qt: names of the columns and what they mean."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(_HEADS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _HEADS[section]
        return _TIPS[section] if role == Qt.ItemDataRole.ToolTipRole else None
