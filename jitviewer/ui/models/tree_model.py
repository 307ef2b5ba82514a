"""The archive tree as an item model, and the filter over it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)  # fmt: skip
from PySide6.QtGui import QIcon

from jitviewer.plain_text import plain_line
from jitviewer.protocol.rows import TreeRow
from jitviewer.ui.models.formatting import bytes_text
from jitviewer.ui.widgets.plain import plain_tip

Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = Qt.ItemDataRole.UserRole
"""The `TreeRow` behind an index."""

COLUMNS = ("Name", "Detail", "Size")


class TreeModel(QAbstractItemModel):
    """Rows of `TreeRow`, nested by `parent`; columns name, detail, size.

    `set_icons` gives the drawings of the row kinds.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[TreeRow] = []
        self._children: dict[int, list[int]] = {}
        self._place: dict[int, int] = {}
        self._index_of_id: dict[int, int] = {}
        self._icons: dict[str, QIcon] = {}

    def set_rows(self, rows: list[TreeRow]) -> None:
        """Show these rows; parents stand before their children."""
        self.beginResetModel()
        self._rows = rows
        self._index_of_id = {row.id: at for at, row in enumerate(rows)}
        children: dict[int, list[int]] = {}
        place: dict[int, int] = {}
        for at, row in enumerate(rows):
            siblings = children.setdefault(self._index_of_id.get(row.parent, -1), [])
            place[at] = len(siblings)
            siblings.append(at)
        self._children, self._place = children, place
        self.endResetModel()

    def set_icons(self, icons: dict[str, QIcon]) -> None:
        """Use these icons, by row kind."""
        self._icons = icons
        if self._rows:
            last = self.index(self.rowCount() - 1, 0)
            self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.DecorationRole])

    def find(self, kinds: tuple[str, ...], path: str, name: str) -> QModelIndex:
        """The first line of one of these kinds with this module path and name."""
        for at, row in enumerate(self._rows):
            if row.kind in kinds and row.path == path and row.name == name:
                return self.createIndex(self._place[at], 0, at)
        return QModelIndex()

    def index_of(self, number: int) -> QModelIndex:
        """The line of the row with this id."""
        at = self._index_of_id.get(number)
        return self.createIndex(self._place[at], 0, at) if at is not None else QModelIndex()

    def row_at(self, index: Index) -> TreeRow | None:
        """The row behind an index."""
        return self._rows[index.internalId()] if index.isValid() else None

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:
        """Qt: the index of a child."""
        siblings = self._children.get(parent.internalId() if parent.isValid() else -1, [])
        if (parent.isValid() and parent.column() != 0) or not 0 <= row < len(siblings):
            return QModelIndex()
        return self.createIndex(row, column, siblings[row]) if 0 <= column < len(COLUMNS) else QModelIndex()

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]
        """Qt: the index of the parent line."""
        if not index.isValid():
            return QModelIndex()
        above = self._index_of_id.get(self._rows[index.internalId()].parent, -1)
        return self.createIndex(self._place[above], 0, above) if above >= 0 else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: how many lines stand below `parent`."""
        if parent.isValid() and parent.column() != 0:
            return 0
        return len(self._children.get(parent.internalId() if parent.isValid() else -1, ()))

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: name, detail, size."""
        return len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: text, icon, tool tip and row of an index."""
        if not index.isValid():
            return None
        row = self._rows[index.internalId()]
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return plain_line((row.name, row.detail, bytes_text(row.bytes))[column])
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icons.get(row.kind) if column == 0 else None
        if role == Qt.ItemDataRole.ToolTipRole:
            if column == 2:
                return f"{row.bytes:,} bytes" if row.bytes else None
            where = (
                f"{row.path}.{row.name}" if row.path and row.kind not in ("module", "record") else row.path
            )
            words = (plain_line(f"{row.kind} {where or row.name}"), plain_line(row.detail))
            return plain_tip("\n".join(part for part in words if part))
        if role == Qt.ItemDataRole.TextAlignmentRole and column == 2:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return plain_line(f"{row.kind} {row.name} {row.detail}") if column == 0 else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Qt: the names of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section] if 0 <= section < len(COLUMNS) else None
        return None


class TreeFilter(QSortFilterProxyModel):
    """Keeps the lines whose name, path or detail holds every typed word, with what is above them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self.setRecursiveFilteringEnabled(True)

    def set_text(self, text: str) -> None:
        """Filter by these words, whatever their case."""
        self.beginFilterChange()
        self._words = text.casefold().split()
        self.endFilterChange()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:  # noqa: N802
        """Qt: whether a line is shown for its own sake."""
        if not self._words:
            return True
        row = self.sourceModel().index(source_row, 0, source_parent).data(ROW_ROLE)
        text = f"{row.name} {row.path} {row.detail}".casefold()
        return all(word in text for word in self._words)
