"""The passes with a switch each, in the order in which they run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from jitviewer.protocol.rows import PassReportRow, PassRow
from jitviewer.ui.models.pass_specs import name_of, spec_of, values_of
from jitviewer.ui.widgets.plain import plain_tip

Index = QModelIndex | QPersistentModelIndex

PASS_ROLE = Qt.ItemDataRole.UserRole
REPORT_ROLE = Qt.ItemDataRole.UserRole + 1
"""The `PassRow` of a line, and the `PassReportRow` of what it did (None while it is off)."""

_MIME = "application/x-jitviewer-pass"


class PassModel(QAbstractListModel):
    """One line a pass; checked means that it is on. Lines move by drag and drop.

    Signals: pipeline_changed(tuple of specs of the passes that are on, in order): the person changed it
    """

    pipeline_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[PassRow] = []
        self._on: set[str] = set()
        self._options: dict[str, dict[str, str]] = {}
        self._reports: dict[str, PassReportRow] = {}

    def set_catalogue(self, rows: Sequence[PassRow]) -> None:
        """Show these passes, all off."""
        self.beginResetModel()
        self._rows = list(rows)
        self._on.clear()
        self._options.clear()
        self._reports.clear()
        self.endResetModel()

    def set_pipeline(self, passes: Sequence[str]) -> None:
        """Switch these on and the others off, in this order, without `pipeline_changed`.

        What is off keeps the options that were chosen for it.
        """
        if tuple(passes) == self.pipeline():
            return
        self._options.update((name_of(spec), values_of(spec)) for spec in passes)
        names = [name_of(spec) for spec in passes]
        wanted = [row for name in names for row in self._rows if row.name == name]
        remaining = iter(wanted)
        # The lines that are on keep their places among those that are off.
        order = [next(remaining) if row in wanted else row for row in self._rows]
        self.beginResetModel()
        self._rows = order
        self._on = {row.name for row in wanted}
        self.endResetModel()

    def set_reports(self, reports: Sequence[PassReportRow]) -> None:
        """Say what the passes that are on did."""
        self._reports = {name_of(report.name): report for report in reports}
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def pipeline(self) -> tuple[str, ...]:
        """Specs of the passes that are on, in order."""
        return tuple(spec_of(row, self.options_of(row.name)) for row in self._rows if row.name in self._on)

    def options_of(self, name: str) -> dict[str, str]:
        """What is chosen of a pass, by the names of its options; the others are as they are anyway."""
        return dict(self._options.get(name, {}))

    def choose(self, name: str, option: str, value: str) -> None:
        """Choose an option of a pass, which may be off."""
        self._options[name] = self.options_of(name) | {option: value}
        if name in self._on:
            self._changed()

    def row_of(self, name: str) -> int:
        """The line of a pass, -1 if there is no such pass."""
        return next((at for at, row in enumerate(self._rows) if row.name == name), -1)

    def switch_all(self, is_on: bool) -> None:
        """Switch every pass on or off."""
        wanted = {row.name for row in self._rows} if is_on else set[str]()
        if wanted != self._on:
            self._on = wanted
            self._changed()

    def move(self, source: int, target: int) -> bool:
        """Move a line so that it stands at `target`; gives whether it moved."""
        if source == target or not (0 <= source < len(self._rows) and 0 <= target < len(self._rows)):
            return False
        before = self.pipeline()
        self.beginMoveRows(QModelIndex(), source, source, QModelIndex(), target + (target > source))
        self._rows.insert(target, self._rows.pop(source))
        self.endMoveRows()
        if self.pipeline() != before:
            self.pipeline_changed.emit(self.pipeline())
        return True

    def _changed(self) -> None:
        self._reports = {name: report for name, report in self._reports.items() if name in self._on}
        self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))
        self.pipeline_changed.emit(self.pipeline())

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: the number of passes."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: name, switch, description and rows of a line."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if row.name in self._on else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            counterpart = f"\n\nCounterpart in libtorch: {row.counterpart}" if row.counterpart else ""
            return plain_tip(f"{row.description or row.summary}{counterpart}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.name}, {'on' if row.name in self._on else 'off'}. {row.summary}"
        if role == PASS_ROLE:
            return row
        if role == REPORT_ROLE:
            return self._reports.get(row.name) if row.name in self._on else None
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Qt: switch a pass."""
        if not index.isValid() or role != Qt.ItemDataRole.CheckStateRole:
            return False
        name = self._rows[index.row()].name
        is_on = Qt.CheckState(value) == Qt.CheckState.Checked
        if is_on != (name in self._on):
            self._on.symmetric_difference_update({name})
            self._changed()
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Qt: lines can be switched and dragged; they are dropped between lines."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return (
            Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren
        )  # fmt: skip

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802
        """Qt: lines are moved."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:  # noqa: N802
        """Qt: only our own lines can be dropped."""
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802
        """Qt: the number of the line that is dragged."""
        data = QMimeData()
        data.setData(_MIME, str(indexes[0].row()).encode())
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Qt: move the line here. False, so that the view does not remove it a second time."""
        if action != Qt.DropAction.MoveAction or not data.hasFormat(_MIME):
            return False
        source = int(bytes(data.data(_MIME).data()))
        target = row if row >= 0 else parent.row() if parent.isValid() else len(self._rows)
        self.move(source, target - 1 if target > source else target)
        return False
