"""Results of search everywhere as a list with headings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from jitviewer.plain_text import plain_line
from jitviewer.ui.search.results import KINDS, TITLES, Found, Result
from jitviewer.ui.widgets.plain import plain_tip

Index = QModelIndex | QPersistentModelIndex

ENTRY_ROLE = Qt.ItemDataRole.UserRole
"""The `Result`, `Heading` or `More` behind a row."""

SHOWN = 5
"""Results of a kind that are listed while every kind is."""


@dataclass(frozen=True)
class Heading:
    """The title of a kind, and how many results it has, or more than so many."""

    kind: str
    count: int
    is_cut: bool = False


@dataclass(frozen=True)
class More:
    """Stands for the results of a kind that are not listed."""

    kind: str
    count: int


Entry = Result | Heading | More


class ResultModel(QAbstractListModel):
    """Rows of a `Found`, kind after kind."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def show_found(self, found: Found, is_one_kind: bool) -> None:
        """List what was found: all that is kept of one kind, or the first of each."""
        entries: list[Entry] = []
        kinds = [kind for kind in KINDS if found.counts.get(kind)]
        for kind in kinds:
            kept, count = found.kept.get(kind, []), found.counts[kind]
            shown = kept if is_one_kind or len(kinds) == 1 else kept[:SHOWN]
            entries.append(Heading(kind, count, found.is_cut and kind not in ("commands", "modules")))
            entries.extend(shown)
            if count > len(shown):
                entries.append(More(kind, count - len(shown)))
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def first(self) -> int:
        """The first row that can be chosen, -1 if there is none."""
        return next((row for row in range(len(self.entries)) if self.is_choice(row)), -1)

    def next_choice(self, row: int, by: int) -> int:
        """The row that can be chosen after (1) or before (-1) another; the same if there is none."""
        at = row + by
        while 0 <= at < len(self.entries):
            if self.is_choice(at):
                return at
            at += by
        return row

    def is_choice(self, row: int) -> bool:
        """Whether a row can be chosen."""
        entry = self.entries[row]
        return isinstance(entry, Result) or (isinstance(entry, More) and self._can_show_more(entry))

    def _can_show_more(self, entry: More) -> bool:
        return len({e.kind for e in self.entries if isinstance(e, Heading)}) > 1

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: headings, results, and what is left out."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: the words of a row, and what stands behind it."""
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(entry, Heading):
                return f"{TITLES[entry.kind]}, {entry.count:,}{'+' if entry.is_cut else ''}"
            if isinstance(entry, More):
                return f"{entry.count:,} more"
            whole = entry.title if role == Qt.ItemDataRole.DisplayRole else f"{entry.title}, {entry.detail}"
            return plain_line(whole)
        is_tip = role == Qt.ItemDataRole.ToolTipRole
        return plain_tip(entry.title) if is_tip and isinstance(entry, Result) else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Qt: headings cannot be chosen."""
        if index.isValid() and self.is_choice(index.row()):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags
