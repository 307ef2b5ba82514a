"""The choice of an object of a Python file whose trace is looked into."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QWidget

from jitviewer.plain_text import plain_line
from jitviewer.protocol.rows import TreeRow
from jitviewer.protocol.traced_names import is_traced_name
from jitviewer.ui.services.document import DocumentState

_MODULES = ("module", "scriptable")

_NO_MODULE = "class,"
"""How the line of a class begins that is no module: it cannot be called, and has no trace."""


class ObjectChoice(QComboBox):
    """Offers functions and modules; the last module of the file first, since it tends to use the others.

    What a person chooses in the tree is chosen here too.
    """

    def __init__(self, document: DocumentState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._first_shown = ""
        self._is_chosen = False
        self.setAccessibleName("Function or module whose trace is compared")
        self.setMinimumContentsLength(12)
        document.phase_changed.connect(self._fill)
        document.tree_changed.connect(self._fill)
        document.method_shown.connect(self._on_method_shown)
        self.activated.connect(self._on_activated)
        self._fill()

    @property
    def name(self) -> str:
        """The object that is chosen, "" where there is none."""
        found: object = self.currentData()
        return found if isinstance(found, str) else ""

    def choose(self, name: str) -> None:
        """Choose an object by its name."""
        at = self.findData(name)
        if at >= 0:
            self._is_chosen = True
            self.setCurrentIndex(at)

    def _fill(self) -> None:
        chosen = self.name if self._is_chosen else ""
        rows = [row for row in self._document.tree if _is_traceable(row)]
        self.clear()
        for row in rows:
            self.addItem(plain_line(row.name), row.name)
        at = self.findData(chosen or self._usual(rows))
        self.setCurrentIndex(max(0, at) if rows else -1)

    def _usual(self, rows: Sequence[TreeRow]) -> str:
        """What is expected, or a module that is made without arguments, first of those that compile."""
        document = self._document
        wrong = {problem.subject for problem in document.problems}
        free = [row.name for row in reversed(rows) if row.kind in _MODULES and not row.parameters]
        compiled = [name for name in free if name not in wrong]
        if any(row.name == document.diagnosis.expected for row in rows):
            return document.diagnosis.expected
        return next(iter((*compiled, *free)), document.object_shown)

    def _on_activated(self) -> None:
        self._is_chosen = True

    def _on_method_shown(self) -> None:
        """The object that a file is opened with nobody chose; the next ones somebody did."""
        shown = self._document.object_shown
        if not self._first_shown:
            self._first_shown = shown
        elif shown and shown != self._first_shown:
            self._first_shown = shown
            self.choose(shown)


def _is_traceable(row: TreeRow) -> bool:
    is_own = not row.parent and not is_traced_name(row.name)
    return is_own and row.kind in (*_MODULES, "function") and not row.detail.startswith(_NO_MODULE)
