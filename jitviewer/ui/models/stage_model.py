"""The graphs that an executor made, as a tree that grows while inputs vary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from jitviewer.plain_text import plain_line
from jitviewer.protocol.stage_rows import StageRow
from jitviewer.ui.models.stage_names import bailed_out, guards_text, stage_name, stage_tip
from jitviewer.ui.widgets.plain import plain_tip

Index = QModelIndex | QPersistentModelIndex

STAGE_ROLE = Qt.ItemDataRole.UserRole
"""The place of a row among the stages."""

_HEADS = ("Graph", "Guards", "Taken", "Bailed", "Nodes")
_TIPS = (
    "A graph that the executor made",
    "What is asked before it runs",
    "How many runs went by it",
    "How often a guard of it did not hold",
    "Nodes of the graph, those of blocks included",
)


class StageModel(QAbstractItemModel):
    """A row a graph; those made for inputs that a guard did not let through stand under the graph of the
    guard."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[StageRow] = ()
        self._children: dict[int, list[int]] = {}
        self._places: list[int] = []

    def set_stages(self, rows: Sequence[StageRow]) -> None:
        """Show these; each stands behind its parent."""
        self.beginResetModel()
        self._rows = rows
        self._children, self._places = {}, []
        for at, row in enumerate(rows):
            # A parent that comes later, or is none, would make a circle.
            parent = row.parent if 0 <= row.parent < at else -1
            siblings = self._children.setdefault(parent, [])
            self._places.append(len(siblings))
            siblings.append(at)
        self.endResetModel()

    def index_of(self, at: int) -> QModelIndex:
        """The line of a stage."""
        if not 0 <= at < len(self._rows):
            return QModelIndex()
        return self.createIndex(self._places[at], 0, at)

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:
        """Qt: the index of a child."""
        children = self._children_of(parent)
        if not (0 <= row < len(children) and 0 <= column < len(_HEADS)):
            return QModelIndex()
        return self.createIndex(row, column, children[row])

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]
        """Qt: the graph whose guards let not through what this one was made for."""
        if not index.isValid():
            return QModelIndex()
        at = index.internalId()
        parent = self._rows[at].parent
        return self.index_of(parent) if parent < at else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: how many children there are."""
        return len(self._children_of(parent))

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: name, guards, runs, bail-outs, nodes."""
        return len(_HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Qt: what the columns are called."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(_HEADS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _HEADS[section]
        return _TIPS[section] if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: a cell."""
        if not index.isValid():
            return None
        at, column = index.internalId(), index.column()
        row = self._rows[at]
        if role == STAGE_ROLE:
            return at
        if role == Qt.ItemDataRole.DisplayRole:
            return plain_line(self._cells(at)[column])
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(stage_tip(row))
        if role == Qt.ItemDataRole.TextAlignmentRole and column > 0:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == 0:
            cells = zip(_HEADS[1:], self._cells(at)[1:], strict=True)
            told = ", ".join(f"{head.lower()} {cell}" for head, cell in cells if cell)
            return plain_line(f"{self._cells(at)[0]}: {told}")
        return None

    def _cells(self, at: int) -> tuple[str, ...]:
        row = self._rows[at]
        bailed = bailed_out(row)
        taken = "" if row.kind == "written" else f"{row.runs:,}"
        out = "" if bailed is None else f"{bailed:,}"
        return stage_name(self._rows, at), guards_text(row), taken, out, f"{row.nodes:,}"

    def _children_of(self, parent: Index) -> list[int]:
        if not parent.isValid():
            return self._children.get(-1, [])
        return self._children.get(parent.internalId(), []) if parent.column() == 0 else []
