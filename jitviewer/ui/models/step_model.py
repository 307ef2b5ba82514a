"""The single rewrites, grouped by the pass that made them."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from jitviewer.plain_text import plain_line
from jitviewer.protocol.rows import PassReportRow, StepRow
from jitviewer.ui.models.formatting import plural
from jitviewer.ui.widgets.plain import plain_tip

Index = QModelIndex | QPersistentModelIndex

_GROUP = 0xFFFFFFFF
"""Internal id of a pass; a step has the row number of its pass."""

STEP_ROLE = Qt.ItemDataRole.UserRole
POSITION_ROLE = Qt.ItemDataRole.UserRole + 1
"""The `StepRow` of a line (None for a pass), and the position of the scrubber that shows its result."""


def place_of_rule(step: StepRow) -> str:
    """File and line of a rule, from the package on: `jitcore/passes/dce.py:40`."""
    parts = PurePath(step.file).parts
    start = parts.index("jitcore") if "jitcore" in parts else len(parts) - 1
    return f"{'/'.join(parts[start:])}:{step.line}"


class StepModel(QAbstractItemModel):
    """Passes on the first level, their rewrites below them; steps after `position` are not applied."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reports: list[PassReportRow] = []
        self._steps: list[StepRow] = []
        self._position = 0

    def set_steps(self, reports: list[PassReportRow], steps: list[StepRow], position: int) -> None:
        """Show these rewrites."""
        self.beginResetModel()
        self._reports, self._steps, self._position = reports, steps, position
        self.endResetModel()

    def set_position(self, position: int) -> None:
        """Say how many rewrites are applied."""
        if position != self._position:
            self._position = position
            for group in range(len(self._reports)):
                above = self.index(group, 0)
                count = self.rowCount(above)
                if count:
                    self.dataChanged.emit(self.index(0, 0, above), self.index(count - 1, 0, above))

    def index_of_step(self, step: int) -> QModelIndex:
        """The line of a rewrite, by its number from 0."""
        for group, report in enumerate(self._reports):
            if report.first_step <= step < report.first_step + report.steps:
                return self.createIndex(step - report.first_step, 0, group)
        return QModelIndex()

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:
        """Qt: the index of a child."""
        if column != 0 or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        return self.createIndex(row, 0, parent.row() if parent.isValid() else _GROUP)

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]
        """Qt: the pass of a rewrite."""
        if not index.isValid() or index.internalId() == _GROUP:
            return QModelIndex()
        return self.createIndex(index.internalId(), 0, _GROUP)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: passes, or the rewrites of a pass."""
        if not parent.isValid():
            return len(self._reports)
        return self._reports[parent.row()].steps if parent.internalId() == _GROUP else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: one."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: text, tool tip, step and position of a line."""
        if not index.isValid():
            return None
        if index.internalId() == _GROUP:
            return self._pass_data(self._reports[index.row()], role)
        number = self._reports[index.internalId()].first_step + index.row()
        step = self._steps[number]
        if role == Qt.ItemDataRole.DisplayRole:
            return plain_line(f"{number + 1}  {step.because or step.summary}")
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{step.rule}: {step.summary}\n{step.because}\n{place_of_rule(step)}")
        if role == STEP_ROLE:
            return step
        if role == POSITION_ROLE:
            return number + 1
        if role == Qt.ItemDataRole.AccessibleTextRole:
            applied = "applied" if number < self._position else "not applied"
            return plain_line(f"Rewrite {number + 1}, {applied}: {step.because or step.summary}")
        return None

    def is_applied(self, index: Index) -> bool:
        """Whether the rewrite of a line (the first of a pass) is applied at the present position."""
        report = self._reports[index.row() if index.internalId() == _GROUP else index.internalId()]
        first = report.first_step + (0 if index.internalId() == _GROUP else index.row())
        return first < self._position

    @staticmethod
    def _pass_data(report: PassReportRow, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{report.name}  ·  {plural(report.steps, 'rewrite')}"
        if role == POSITION_ROLE:
            return report.first_step + report.steps
        return None
