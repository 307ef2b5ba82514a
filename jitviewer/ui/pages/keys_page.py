"""Lists every key of the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from jitviewer.ui.pages.page import Page
from jitviewer.ui.view_keys import VIEW_KEYS
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.layouts import clear
from jitviewer.ui.widgets.styled import caption

Rows = Sequence[tuple[str, str]]


class KeysPage(Page):
    """The keys of the menus as they are, and those of the views. Attributes: `filter`, `rows` (as shown)."""

    def __init__(
        self, menus: Callable[[], Mapping[str, Sequence[QAction]]], parent: QWidget | None = None
    ) -> None:
        super().__init__("Keys", parent)
        self._menus = menus
        self.rows: dict[str, list[tuple[str, str]]] = {}
        self.filter = QLineEdit(placeholderText="Filter by key or by what it does", clearButtonEnabled=True)
        self.filter.setAccessibleName("Filter the keys")
        self.filter.textChanged.connect(self._fill)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(0, 168)
        self._grid.setColumnStretch(1, 1)
        self.column.addWidget(self.filter)
        self.column.addSpacing(8)
        self.column.addLayout(self._grid)

    def enter(self) -> None:
        """Show the keys as they are now."""
        self._fill()
        self.filter.setFocus()

    def _fill(self) -> None:
        wanted = self.filter.text().casefold()
        found: dict[str, list[tuple[str, str]]] = {}
        for title, rows in {**self._menu_rows(), **VIEW_KEYS}.items():
            name = f"In the view {title}" if title in VIEW_KEYS else title
            kept = [row for row in rows if wanted in f"{title} {row[0]} {row[1]}".casefold()]
            if kept:
                found[name] = kept
        self.rows = found
        clear(self._grid)
        row = 0
        for title, rows in found.items():
            heading = caption(title, "section")
            heading.setContentsMargins(0, 12 if row else 0, 0, 0)
            self._grid.addWidget(heading, row, 0, 1, 2)
            for keys, words in rows:
                row += 1
                self._grid.addWidget(wrapped(keys, "keys"), row, 0)
                self._grid.addWidget(wrapped(words), row, 1)
            row += 1
        if not found:
            sentence = "No key does that. Clear the filter to see all of them."
            self._grid.addWidget(caption(sentence, "dim"), 0, 0, 1, 2)

    def _menu_rows(self) -> dict[str, Rows]:
        return {
            title: [(_keys_of(action), _what(action)) for action in actions if action.shortcuts()]
            for title, actions in self._menus().items()
        }


def _what(action: QAction) -> str:
    """What an action does: its text without marks for menus; docks are switched, and say so in their tip."""
    text = action.statusTip() or action.text()
    return text.replace("&", "").rstrip("…")


def _keys_of(action: QAction) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(keys.toString(native) for keys in action.shortcuts())
