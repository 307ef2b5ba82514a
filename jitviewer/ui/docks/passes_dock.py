"""Ordered passes with a switch each, presets of them, and what the chosen one did."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from jitviewer.protocol.rows import PassReportRow, PassRow
from jitviewer.ui.docks.base import Dock
from jitviewer.ui.docks.pass_delegate import PassDelegate
from jitviewer.ui.docks.pass_filter import PassFilter
from jitviewer.ui.docks.pass_options import PassOptions
from jitviewer.ui.docks.preset_menu import NameField, PresetButton
from jitviewer.ui.models.formatting import plural, time_text
from jitviewer.ui.models.pass_model import PASS_ROLE, REPORT_ROLE, PassModel
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.documents import Documents
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.plain import set_tip
from jitviewer.ui.widgets.styled import panel, styled
from jitviewer.ui.widgets.tool_button import IconButton

_HINT = "Passes run from top to bottom. Drag a pass, or press Alt+Up and Alt+Down, to move it."


class PassesDock(Dock):
    """Switching a pass rewrites the shown method at once.

    Attributes: `model`, `view`, `filter`, `presets`, `name` (of a preset to be saved), `undo`, `redo`,
    `story` (what the chosen pass did), `options` (of the chosen pass), `compare` (shows the text before and
    after it), `about` (shows its page).

    Signals: page_wanted(PassRow): the page of a pass is to be shown
    """

    page_wanted = Signal(object)

    tagline: ClassVar[str] = "Rewrite the graph, from top to bottom"
    help_text: ClassVar[str] = (
        "Switch a pass on to rewrite the shown method at once; the canvas and the graph mark what "
        "changed. Passes run from top to bottom: drag one, or press Alt+Up and Alt+Down, to change "
        "the order. Dimmed passes are on but found nothing to do. Choose a pass to see what it did, "
        "compare the text before and after it, and read what it is for, with an example. Presets are "
        "pipelines with a name; Ctrl+Z takes a change back."
    )

    def __init__(
        self, documents: Documents, themes: ThemeManager, settings: Settings, parent: QMainWindow
    ) -> None:
        super().__init__("passesDock", "Passes", themes, parent)
        self._documents = documents
        self.model = PassModel(self)
        self.view = self._make_view(themes)
        self.all_on = styled(QPushButton("All on"), "segment")
        self.all_off = styled(QPushButton("All off"), "segment")
        self.all_on.clicked.connect(lambda: self.model.switch_all(True))
        self.all_off.clicked.connect(lambda: self.model.switch_all(False))
        self.presets = PresetButton(settings)
        self.presets.chosen.connect(self._on_pipeline_changed)
        self.presets.told.connect(self._on_told)
        self.filter = PassFilter()
        self.filter.changed.connect(self._list)
        self.name = NameField()
        self.presets.save_wanted.connect(self.name.ask)
        self.name.named.connect(lambda name: self.presets.save(name, self.model.pipeline()))
        self.undo = IconButton("undo", "Undo the change of passes", themes, self._undo, "Ctrl+Z")
        self.redo = IconButton("redo", "Redo the change of passes", themes, self._redo, "Ctrl+Shift+Z")
        self.story = wrapped(_HINT, "caption")
        self.options = PassOptions()
        self.options.chosen.connect(self._on_option_chosen)
        self.compare = styled(QPushButton("Compare before and after"), "link")
        self.compare.clicked.connect(self._on_compare)
        self.about = styled(QPushButton("About this pass"), "link")
        set_tip(self.about, "What it does, when it is legal, and an example of it (Ctrl+I)")
        self.about.clicked.connect(self._on_about)
        links = QHBoxLayout()
        links.setSpacing(12)
        for link in (self.about, self.compare):
            links.addWidget(link)
        links.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(12, 8, 12, 6)
        buttons.setSpacing(4)
        for button in (self.presets, self.all_on, self.all_off):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.undo)
        buttons.addWidget(self.redo)
        named = QVBoxLayout()
        named.setContentsMargins(12, 0, 12, 0)
        named.addWidget(self.name)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 6, 12, 8)
        foot.setSpacing(4)
        foot.addWidget(self.story)
        foot.addWidget(self.options)
        foot.addLayout(links)
        body = panel()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(buttons)
        column.addLayout(named)
        column.addWidget(self.filter)
        column.addWidget(self.view, 1)
        column.addLayout(foot)
        self.setWidget(body)
        self.model.pipeline_changed.connect(self._on_pipeline_changed)
        self.view.selectionModel().currentChanged.connect(self._describe)
        documents.catalogue_changed.connect(self._on_catalogue_changed)
        themes.theme_changed.connect(self.view.viewport().update)
        self._on_catalogue_changed()

    def _make_view(self, themes: ThemeManager) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setItemDelegate(PassDelegate(themes, view))
        view.setMouseTracking(True)
        view.setAccessibleName("Passes, in the order in which they run")
        view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        view.setDefaultDropAction(Qt.DropAction.MoveAction)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.activated.connect(lambda _index: self._on_compare())
        context = Qt.ShortcutContext.WidgetShortcut
        QShortcut(QKeySequence("Ctrl+I"), view, self._on_about, context=context)
        QShortcut(QKeySequence("Alt+Up"), view, lambda: self._move(-1), context=context)
        QShortcut(QKeySequence("Alt+Down"), view, lambda: self._move(1), context=context)
        return view

    def main_widget(self) -> QWidget:
        """What gets the keyboard."""
        return self.view

    def link(self, document: DocumentState) -> None:
        """Follow what the passes did."""
        self.follow(document.method_shown, self.refresh)
        self.follow(document.steps_changed, self.refresh)

    def refresh(self) -> None:
        """Show the switches and reports of the document."""
        document = self.document
        is_ready = document is not None and bool(document.method)
        for widget in (self.view, self.all_on, self.all_off, self.presets):
            widget.setEnabled(is_ready)
        self.undo.setEnabled(document is not None and document.history.can_undo)
        self.redo.setEnabled(document is not None and document.history.can_redo)
        chosen = self._chosen()
        self.model.set_pipeline(document.passes_on if document is not None else ())
        self.model.set_reports(document.reports if document is not None else [])
        self._list()
        if chosen is not None and self._chosen() is None:
            # The list was put into another order.
            self.view.setCurrentIndex(self.model.index(self.model.row_of(chosen[0].name)))
        self._describe()

    def _chosen(self) -> tuple[PassRow, PassReportRow | None] | None:
        index = self.view.currentIndex()
        return (index.data(PASS_ROLE), index.data(REPORT_ROLE)) if index.isValid() else None

    def _describe(self) -> None:
        """Say what the chosen pass did."""
        chosen = self._chosen()
        report = chosen[1] if chosen is not None else None
        self.compare.setVisible(report is not None and report.changed)
        self.about.setVisible(chosen is not None)
        row = chosen[0] if chosen is not None else None
        self.options.show_pass(row, self.model.options_of(row.name) if row is not None else {})
        if chosen is None:
            self.story.setText(_HINT)
        elif report is None:
            self.story.setText(chosen[0].summary)
        else:
            self.story.setText(_story(report))

    def _on_catalogue_changed(self) -> None:
        self.model.set_catalogue(self._documents.catalogue)
        self.filter.set_catalogue(self._documents.catalogue)
        self.presets.set_presets(self._documents.presets, self._documents.catalogue)
        self.refresh()

    def _list(self) -> None:
        """List the passes that are looked for; what is on runs, listed or not."""
        for at in range(self.model.rowCount()):
            index = self.model.index(at)
            is_on = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
            self.view.setRowHidden(at, not self.filter.lets_through(index.data(PASS_ROLE), is_on))

    def _on_about(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.page_wanted.emit(chosen[0])

    def _on_told(self, sentence: str) -> None:
        if self.document is not None:
            self.document.noticed.emit("info", sentence)

    def _on_pipeline_changed(self, passes: tuple[str, ...]) -> None:
        if self.document is not None:
            self.document.set_passes(passes)

    def _on_compare(self) -> None:
        chosen = self._chosen()
        if self.document is not None and chosen is not None and chosen[1] is not None and chosen[1].changed:
            self.document.show_pass_diff(chosen[0].name)

    def _on_option_chosen(self, option: str, value: str) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.model.choose(chosen[0].name, option, value)

    def _undo(self) -> None:
        if self.document is not None:
            self.document.undo_passes()

    def _redo(self) -> None:
        if self.document is not None:
            self.document.redo_passes()

    def _move(self, by: int) -> None:
        row = self.view.currentIndex().row()
        # Past what is not listed too, or nothing would be seen to move.
        to = row + by
        while 0 <= to < self.model.rowCount() and self.view.isRowHidden(to):
            to += by
        if row >= 0 and self.model.move(row, to):
            self._list()
            self.view.setCurrentIndex(self.model.index(to))


def _story(report: PassReportRow) -> str:
    """What a pass did, in a sentence or two."""
    if report.failed:
        return report.note
    took = time_text(report.seconds * 1e6)
    if not report.changed:
        words = f"Found nothing to change in {plural(report.nodes_before, 'node')}, in {took}."
    else:
        words = (
            f"{plural(report.steps, 'rewrite')} took {plural(report.nodes_before, 'node')} to "
            f"{report.nodes_after:,}, in {took}."
        )
    return f"{words} {report.note}".rstrip()
