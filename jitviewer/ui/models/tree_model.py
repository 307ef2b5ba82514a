"""The archive tree as an item model."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from jitviewer.plain_text import plain_line
from jitviewer.protocol.bounds import cut
from jitviewer.protocol.rows import TreeRow
from jitviewer.ui.models.formatting import bytes_text, count_text
from jitviewer.ui.widgets.plain import plain_tip

Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = Qt.ItemDataRole.UserRole
"""The `TreeRow` behind an index."""

_NAME = 60
"""Characters of the first and of the last name in the name of a group."""

COLUMNS = ("Name", "Detail", "Size", "Params")
_HELP = (
    "", "", "Bytes of the tensors at and below a line",
    "Elements of the parameters at and below a line, buffers left out; in a file of tensors alone of all",
)  # fmt: skip


GROUPED = 1000
"""Lines below one line, above which they stand in groups of as many: a view lays out all that is open."""


class TreeModel(QAbstractItemModel):
    """Rows of `TreeRow`, nested by `parent`; columns name, detail, size, parameters. Lines below one line
    are sorted by a column, or stand as in the archive.

    `set_icons` gives the drawings of the row kinds. More than `GROUPED` lines below one stand in groups, rows
    of the model's own whose ids are below 0.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[TreeRow] = []
        self._parents: list[int] = []
        self._children: dict[int, list[int]] = {}
        self._shown: dict[int, list[int]] = {}
        self._place: dict[int, int] = {}
        self._index_of_id: dict[int, int] = {}
        self._icons: dict[str, QIcon] = {}
        self._unsorted: dict[int, list[int]] = {}
        self._sorting = (-1, Qt.SortOrder.AscendingOrder)

    def set_rows(self, rows: list[TreeRow]) -> None:
        """Show these rows; parents stand before their children."""
        self.beginResetModel()
        self._rows = list(rows)
        numbers = self._index_of_id = {row.id: at for at, row in enumerate(rows)}
        self._parents = [numbers.get(row.parent, -1) for row in rows]
        children: dict[int, list[int]] = {}
        for at, above in enumerate(self._parents):
            children.setdefault(above, []).append(at)
        self._children = children
        for above, siblings in list(children.items()):
            if len(siblings) > GROUPED:
                self._group(above, siblings)
        self._show(self._children)
        self.endResetModel()

    def _group(self, above: int, siblings: list[int]) -> None:
        groups: list[int] = []
        for start in range(0, len(siblings), GROUPED):
            members = siblings[start : start + GROUPED]
            first, last = self._rows[members[0]], self._rows[members[-1]]
            at = len(self._rows)
            groups.append(at)
            name = f"{cut(first.name, _NAME)} … {cut(last.name, _NAME)}"
            size = sum(self._rows[member].bytes for member in members)
            elements = sum(self._rows[member].elements for member in members)
            counted = f"{len(members):,}"
            self._rows.append(TreeRow(-at, first.parent, "group", name, "", counted, size, elements=elements))
            self._parents.append(above)
            self._children[at] = members
            for member in members:
                self._parents[member] = at
        self._children[above] = groups

    def _show(self, children: dict[int, list[int]]) -> None:
        self._unsorted = children
        column, order = self._sorting
        if column >= 0:
            is_down = order == Qt.SortOrder.DescendingOrder
            children = {
                above: sorted(siblings, key=lambda at: _sort_key(self._rows[at], column), reverse=is_down)
                for above, siblings in children.items()
            }
        self._shown = children
        self._place = {at: place for siblings in children.values() for place, at in enumerate(siblings)}

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Qt: sort the lines below each line by a column; -1 for the order of the archive."""
        self.layoutAboutToBeChanged.emit()
        self._sorting = (column, order)
        self._show(self._unsorted)
        kept = self.persistentIndexList()
        moved = [self.createIndex(self._place[at.internalId()], at.column(), at.internalId()) for at in kept]
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def show_all(self) -> None:
        """Show every line."""
        self.beginResetModel()
        self._show(self._children)
        self.endResetModel()

    def show_only(self, lines: Set[int]) -> None:
        """Show the lines of these numbers, and those above them."""
        kept: set[int] = set()
        for line in lines:
            at = line
            while at >= 0 and at not in kept:
                kept.add(at)
                at = self._parents[at]
        self.beginResetModel()
        shown: dict[int, list[int]] = {}
        for at in sorted(kept):
            shown.setdefault(self._parents[at], []).append(at)
        self._show(shown)
        self.endResetModel()

    @property
    def rows(self) -> Sequence[TreeRow]:
        """All rows in their order, and after them the groups."""
        return self._rows

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
                return self._index(at)
        return QModelIndex()

    def index_of(self, number: int) -> QModelIndex:
        """The line of the row with this id; none if it is not shown."""
        return self._index(self._index_of_id.get(number, -1))

    def _index(self, at: int) -> QModelIndex:
        place = self._place.get(at)
        return self.createIndex(place, 0, at) if place is not None else QModelIndex()

    def row_at(self, index: Index) -> TreeRow | None:
        """The row behind an index."""
        return self._rows[index.internalId()] if index.isValid() else None

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:
        """Qt: the index of a child."""
        siblings = self._shown.get(parent.internalId() if parent.isValid() else -1, [])
        if (parent.isValid() and parent.column() != 0) or not 0 <= row < len(siblings):
            return QModelIndex()
        return self.createIndex(row, column, siblings[row]) if 0 <= column < len(COLUMNS) else QModelIndex()

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]
        """Qt: the index of the parent line."""
        if not index.isValid():
            return QModelIndex()
        return self._index(self._parents[index.internalId()])

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: how many lines stand below `parent`."""
        if parent.isValid() and parent.column() != 0:
            return 0
        return len(self._shown.get(parent.internalId() if parent.isValid() else -1, ()))

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: name, detail, size, parameters."""
        return len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: text, icon, tool tip and row of an index."""
        if not index.isValid():
            return None
        row = self._rows[index.internalId()]
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return plain_line((row.name, row.detail, bytes_text(row.bytes), count_text(row.elements))[column])
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icons.get(row.kind) if column == 0 else None
        if role == Qt.ItemDataRole.ToolTipRole:
            if column == 2:
                return f"{row.bytes:,} bytes" if row.bytes else None
            if column == 3:
                what = "elements" if row.kind == "tensor" else "elements of parameters"
                return f"{row.elements:,} {what}" if row.elements else None
            where = (
                f"{row.path}.{row.name}" if row.path and row.kind not in ("module", "record") else row.path
            )
            words = (plain_line(f"{row.kind} {where or row.name}"), plain_line(row.detail))
            return plain_tip("\n".join(part for part in words if part))
        if role == Qt.ItemDataRole.TextAlignmentRole and column >= 2:
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
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return _HELP[section] if 0 <= section < len(COLUMNS) else None
        if role == Qt.ItemDataRole.TextAlignmentRole and section >= 2:
            # A name stands above its numbers.
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


def _sort_key(row: TreeRow, column: int) -> tuple[int, str]:
    """Numbers come first; names whatever their case."""
    if column >= 2:
        return (row.bytes if column == 2 else row.elements), ""
    return 0, (row.name if column == 0 else row.detail).casefold()
