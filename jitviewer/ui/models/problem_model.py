"""What of a Python file cannot be compiled, a line each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from jitviewer.folded_frames import folded_frames
from jitviewer.plain_text import plain_line
from jitviewer.protocol.rows import ProblemRow
from jitviewer.ui.widgets.plain import plain_tip

Index = QModelIndex | QPersistentModelIndex

PROBLEM_ROLE = Qt.ItemDataRole.UserRole
"""The `ProblemRow` of a line."""


class ProblemModel(QAbstractListModel):
    """One line a problem: what it is about, what is wrong, and where."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ProblemRow] = []

    def set_rows(self, rows: Sequence[ProblemRow]) -> None:
        """Show these problems."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: the number of problems."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: the sentence, and as a tool tip the lines concerned."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return plain_line(problem_text(row))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(folded_frames(whole_problem(row)))
        if role == PROBLEM_ROLE:
            return row
        return None


def whole_problem(row: ProblemRow) -> str:
    """All that is told of a problem, with every frame that led to it."""
    return f"{row.message}\n\n{row.excerpt}".rstrip()


def problem_text(row: ProblemRow) -> str:
    """A problem on one line."""
    place = f"{Path(row.file).name}:{row.line}" if row.line else Path(row.file).name
    subject = f"{row.subject}: " if row.subject else ""
    kind = "warning, " if row.is_warning else ""
    return f"{place}  {kind}{subject}{' '.join(row.message.split())}"
