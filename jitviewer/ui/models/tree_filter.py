"""Finds the lines of the archive tree that hold what was typed, a part at a time."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from jitviewer.protocol.rows import TreeRow
from jitviewer.ui.models.tree_model import TreeModel
from jitviewer.ui.services.turns import Turns

PART = 500
"""Rows that are looked at between two turns of the event loop."""


class TreeFilter(QObject):
    """Keeps the lines whose name, path, dotted path or detail holds every typed word, with what is above
    them.

    Signals: filtered(): the model shows what was asked for
    """

    filtered = Signal()

    def __init__(self, model: TreeModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._words: list[str] = []
        self._found: set[int] = set()
        self._search = 0
        self._turns = Turns(self)

    def set_text(self, text: str) -> None:
        """Filter by these words, whatever their case."""
        self._words = text.casefold().split()
        self._found = set()
        self._search += 1
        if self._words:
            self._look(self._search, 0)
        else:
            self._model.show_all()
            self.filtered.emit()

    def stop(self) -> None:
        """The rows are others: what was found of the old ones is of no use."""
        self._search += 1

    def _look(self, search: int, start: int) -> None:
        if search != self._search:
            return
        rows = self._model.rows
        for at in range(start, min(len(rows), start + PART)):
            row = rows[at]
            text = f"{row.name} {row.path} {dotted_place(row)} {row.detail}".casefold()
            # A group of the model has the names of others.
            if row.id >= 0 and all(word in text for word in self._words):
                self._found.add(at)
        if start + PART < len(rows):
            self._turns.later(partial(self._look, search, start + PART))
        else:
            self._model.show_only(self._found)
            self.filtered.emit()


def dotted_place(row: TreeRow) -> str:
    """Where a line is, as programs write it: `layer1.0.conv1.weight`.

    The module of an object in a Python file is written `Net:layer1`.
    """
    above = row.path.replace(":", ".").strip(".")
    if not above or row.kind == "module":
        return above
    return f"{above}.{row.name}"
