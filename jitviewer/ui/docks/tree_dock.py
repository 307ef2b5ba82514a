"""The archive tree with a filter."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMainWindow,
    QMenu,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from jitviewer.protocol.rows import TreeRow
from jitviewer.protocol.traced_names import name_that_was_traced
from jitviewer.ui.docks.base import Dock
from jitviewer.ui.docks.bytes_map import BytesMap
from jitviewer.ui.docks.tree_delegate import TreeDelegate
from jitviewer.ui.docks.tree_icons import TREE_ICONS
from jitviewer.ui.docks.tree_view import TreeView
from jitviewer.ui.models.tree_filter import TreeFilter
from jitviewer.ui.models.tree_model import ROW_ROLE, TreeModel
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.theme.icons import icon
from jitviewer.ui.widgets.plain import menu_text
from jitviewer.ui.widgets.styled import panel
from jitviewer.ui.widgets.tool_button import IconButton

_FILES = ("record", "extra")
_SHOWN_BY_NAME = ("method", "pre-hook", "hook", "function")
"""Lines that stand for a graph and code of their own."""

_WITHOUT_VIEW = ("module", "parameter", "buffer", "attribute", "constant", "tensor", "group")
"""Kinds that a search selects in the tree and does not open."""

_Key = tuple[str, str, str]


def _key(row: TreeRow) -> _Key:
    """What a line stands for, whether it is compiled yet or not."""
    return (row.kind, row.path, row.name) if row.parent else ("", "", row.name)


class TreeDock(Dock):
    """Modules, methods, parameters and records. Attributes: `model`, `view`, `filter_field`, `map`."""

    tagline: ClassVar[str] = "What the file holds"
    help_text: ClassVar[str] = (
        "Modules with their methods, parameters and buffers, and the raw records of the file. Double- "
        "click a method to show it in the texts and on the canvas, or a record to read it. Sizes are "
        "summed up per module. A chosen module is outlined on the canvas, and Alt+Left goes back to the "
        "method that was shown before. Typing into the field keeps what matches by name, path or type."
    )

    def __init__(self, themes: ThemeManager, parent: QMainWindow) -> None:
        super().__init__("treeDock", "Archive", themes, parent)
        self._shown: DocumentState | None = None
        self._current = 0
        self.model = TreeModel(self)
        self.filter = TreeFilter(self.model, self)
        self.filter.filtered.connect(self._on_filtered)
        self.filter_field = QLineEdit(placeholderText="Filter by name, path or type", clearButtonEnabled=True)
        self.filter_field.setAccessibleName("Filter the archive tree")
        self.view = TreeView(self)
        self.view.setModel(self.model)
        self.view.setItemDelegateForColumn(0, TreeDelegate(themes, self.view))
        # The delegate tells the detail beside the name.
        self.view.hideColumn(1)
        header = self.view.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.ResizeToContents)
        header.moveSection(3, 2)
        # A third click on a column gives the order of the archive back.
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.view.setSortingEnabled(True)
        self.map = BytesMap(themes)
        self.map.row_picked.connect(self._on_tile_picked)
        self.map_button = IconButton("map", "Map of where the bytes are", themes, self._on_map_toggled)
        self.map_button.setCheckable(True)
        self.map_button.setChecked(True)
        body = panel()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        field = QHBoxLayout()
        field.setContentsMargins(8, 8, 4, 8)
        field.setSpacing(4)
        field.addWidget(self.filter_field, 1)
        field.addWidget(self.map_button)
        self._parts = QSplitter(Qt.Orientation.Vertical)
        self._parts.setHandleWidth(4)
        self._parts.setChildrenCollapsible(False)
        self._parts.addWidget(self.view)
        self._parts.addWidget(self.map)
        self._parts.setSizes([500, 120])
        self._parts.setStretchFactor(0, 1)
        column.addLayout(field)
        column.addWidget(self._parts, 1)
        self.setWidget(body)
        self._typing = QTimer(self, singleShot=True, interval=120)
        self._typing.timeout.connect(self._on_filter_settled)
        self.filter_field.textChanged.connect(self._typing.start)
        self.view.activated.connect(self._on_activated)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._on_menu_wanted)
        self.view.selectionModel().currentChanged.connect(self._on_current_changed)
        themes.theme_changed.connect(self._paint_icons)
        self._paint_icons()

    def main_widget(self) -> QWidget:
        """What gets the keyboard."""
        return self.view

    def link(self, document: DocumentState) -> None:
        """Follow the tree and the shown method."""
        self.follow(document.phase_changed, self.refresh)
        self.follow(document.tree_changed, self.refresh)
        self.follow(document.method_shown, self._on_method_shown)

    def refresh(self) -> None:
        """Show the tree anew: open down to the second level; of the same document as it was."""
        document = self.document
        was_open: dict[_Key, bool] = {}
        current: _Key | None = None
        if document is self._shown:
            self._note_open(was_open)
            row: TreeRow | None = self.view.currentIndex().data(ROW_ROLE)
            current = None if row is None else _key(row)
        else:
            self._current = 0
        self._shown = document
        self.filter.stop()
        self.model.set_rows(document.tree if document is not None else [])
        self.map.set_rows(document.tree if document is not None else [])
        self._on_map_toggled()
        self._open(was_open, current)
        self._on_method_shown()
        if self.filter_field.text():
            self.filter.set_text(self.filter_field.text())

    def _note_open(self, into: dict[_Key, bool]) -> None:
        for index in self.view.lines(self.view.isExpanded):
            # What a line without others gets once it is compiled is news.
            if self.model.hasChildren(index):
                into[_key(index.data(ROW_ROLE))] = self.view.isExpanded(index)

    def _open(self, was_open: dict[_Key, bool], current: _Key | None) -> None:
        def opens(index: QModelIndex) -> bool:
            found: TreeRow = index.data(ROW_ROLE)
            return was_open.get(_key(found), found.kind == "module" and not found.parent)

        for index in self.view.open_lines(opens):
            if current is not None and _key(index.data(ROW_ROLE)) == current:
                self._select_silently(index)

    def _select_silently(self, index: QModelIndex) -> None:
        """Mark a line without asking for facts on it."""
        selection = self.view.selectionModel()
        selection.blockSignals(True)
        self.view.setCurrentIndex(index)
        selection.blockSignals(False)
        self.view.viewport().update()

    def go_to(self, row: TreeRow) -> None:
        """Select a line, with all above it open, and open what it stands for."""
        if self.filter_field.text():
            self.filter_field.clear()
            self._typing.stop()
            self._on_filter_settled()
        index = self.model.index_of(row.id)
        if index.isValid():
            self.view.open_above(index)
            self.view.scrollTo(index)
            self.view.setCurrentIndex(index)
            self.view.setFocus()
            if row.kind not in _WITHOUT_VIEW:
                self._on_activated(index)

    def _paint_icons(self) -> None:
        theme = self.themes.theme
        colors = {"module": "accent", **dict.fromkeys(_SHOWN_BY_NAME, "text")}
        self.model.set_icons(
            {kind: icon(name, theme, colors.get(kind, "text_faint")) for kind, name in TREE_ICONS.items()}
        )

    def _on_method_shown(self) -> None:
        """Mark the line of the shown method unless the person is in the tree."""
        document = self.document
        if document is None or self.view.hasFocus():
            return
        shown = self.model.find(_SHOWN_BY_NAME, document.module_path, document.method)
        if shown.isValid():
            self._select_silently(shown)

    def _on_filter_settled(self) -> None:
        text = self.filter_field.text()
        if text:
            self.filter.set_text(text)
        else:
            self._shown = None
            self.refresh()

    def _on_filtered(self) -> None:
        """Open what was found, and mark the line that was current if it is still there."""
        self.view.open_lines(lambda _index: True)
        current = self.model.index_of(self._current)
        if current.isValid():
            self._select_silently(current)
        else:
            self._on_method_shown()

    def _on_activated(self, index: QModelIndex) -> None:
        row: TreeRow | None = index.data(ROW_ROLE)
        document = self.document
        if row is None or document is None:
            return
        if row.kind in _SHOWN_BY_NAME:
            document.show_method(row.path, row.name)
        elif row.kind == "module" and not document.why_no_program:
            document.show_method(row.path, "forward")
        elif row.kind == "scriptable":
            document.show_scriptable(row)
        elif row.kind in _FILES:
            document.show_record(row.path or row.name)
        elif row.kind == "class":
            document.show_record(row.path, row.name)

    def chosen_object(self) -> str:
        """The object of a Python file that the chosen line belongs to, while the person is in the tree."""
        row: TreeRow | None = self.view.currentIndex().data(ROW_ROLE)
        if row is None or self.document is None or not self.view.hasFocus():
            return ""
        return self.document.object_of(row)

    def _on_menu_wanted(self, point: QPoint) -> None:
        """Offer to trace the object of a Python file below the pointer, and to say why traces differ."""
        row: TreeRow | None = self.view.indexAt(point).data(ROW_ROLE)
        document = self.document
        name = document.object_of(row) if document is not None and row is not None else ""
        if document is None or not name:
            return
        menu = QMenu(self.view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        action = menu.addAction(menu_text(f"Trace {name_that_was_traced(name)}…"))
        action.triggered.connect(lambda: document.objects.ask_trace(name))
        why = menu.addAction("Why does a trace differ?")
        why.triggered.connect(lambda: document.objects.ask_why(name))
        menu.popup(self.view.viewport().mapToGlobal(point))

    def _on_map_toggled(self) -> None:
        self.map.setVisible(self.map_button.isChecked() and self.map.root is not None)

    def _on_tile_picked(self, row: TreeRow) -> None:
        index = self.model.index_of(row.id)
        if index.isValid():
            self.view.open_above(index)
            self.view.scrollTo(index)
            self.view.setCurrentIndex(index)

    def _on_current_changed(self, index: QModelIndex) -> None:
        row: TreeRow | None = index.data(ROW_ROLE)
        # A group of the model's own is nothing that the engine knows.
        if row is not None and row.id >= 0 and self.document is not None:
            self._current = row.id
            self.document.inspect_row(row.id)
            if row.kind == "module":
                self.document.module_pointed_at.emit(row.path)
            self.map.show_row(row)
