"""Why a trace of an object of a Python file differs: the graphs, the line, the values, the cure."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from jitviewer.protocol.diagnosis_rows import DiagnosisRow
from jitviewer.ui.compare.diagnosis_facts import Links, decisions_of, facts_of, heading_of_decisions, verdict
from jitviewer.ui.compare.diagnosis_source import DiagnosisSource
from jitviewer.ui.compare.graph_pair_panel import GraphPairPanel
from jitviewer.ui.compare.object_choice import ObjectChoice
from jitviewer.ui.compare.remedy_panel import RemedyPanel
from jitviewer.ui.compare.values_panel import ValuesPanel
from jitviewer.ui.docks.facts_browser import FactsBrowser
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.exported_files import write_exported
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.plain import set_tip
from jitviewer.ui.widgets.segments import Segments
from jitviewer.ui.widgets.styled import panel

_HINT = (
    "A trace is made with the inputs above; then program, trace and script are run beside each other on many "
    "others. Where they part, the line, the decision and inputs that show it are told here."
)
_NOTHING = "There is no function or module in this file that could be traced."
_NO_GRAPHS = "There are no two graphs to show beside each other."

_CAUSE, _REMEDY, _VALUES, _DECISIONS = range(4)
_LEAST_BELOW = 120
"""Pixels: a heading and a few lines."""


class DiagnosisView(QWidget):
    """Attributes: `objects` (the choice of what is traced), `ask` (asks for inputs), `stop`, `progress`,
    `sentence` (what is done, or came out), `save` (the report), `pair` and its `graphs`, `source` (the
    person's files), `tabs` (cause, remedy, values, decisions), `facts`, `remedy`, `values`, `decisions`.
    """

    def __init__(self, document: DocumentState, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._themes = themes
        self._shown: DiagnosisRow | None = None
        self._has_asked = False
        self.objects = ObjectChoice(document)
        # What begins it stands beside the inputs: there is one such button at a time.
        self.ask = QPushButton("Choose inputs…")
        set_tip(self.ask, "Choose inputs to learn why a trace differs (Ctrl+F5)")
        self.stop = QPushButton("Stop")
        self.progress = QProgressBar(textVisible=False)
        self.progress.setRange(0, 0)
        self.progress.setFixedWidth(120)
        self.sentence = wrapped()
        self.save = QPushButton("Save report…")
        set_tip(self.save, "Save all of this as one HTML file, to be sent to someone")
        self.pair = GraphPairPanel(themes)
        self.graphs = self.pair.graphs
        self.source = DiagnosisSource(themes)
        self.facts = FactsBrowser()
        self.facts.setAccessibleName("Why the trace differs")
        self.decisions = FactsBrowser()
        self.decisions.setAccessibleName("What the trace decided")
        self.remedy = RemedyPanel(themes)
        self.values = ValuesPanel(themes)
        self.tabs = Segments(
            [
                ("Cause", "Where and why they part"),
                ("Remedy", "The change that cures it"),
                ("Values", "Both values of the chosen nodes, and their difference"),
                ("Decisions", "All that the trace decided once"),
            ]
        )
        self._pages = QStackedWidget()
        self._lay_out()
        self.ask.clicked.connect(self._on_ask)
        self.stop.clicked.connect(document.diagnosis.stop)
        self.save.clicked.connect(self._on_save)
        self.tabs.chosen.connect(self.show_page)
        self.graphs.shown.connect(self._on_graphs_shown)
        self.graphs.row_chosen.connect(self._on_row_chosen)
        self.source.row_picked.connect(self._on_row_picked)
        for facts in (self.facts, self.decisions):
            facts.followed.connect(self._on_followed)
        document.diagnosis.changed.connect(self._on_changed)
        document.phase_changed.connect(self._propose)
        document.tree_changed.connect(self._propose)
        themes.theme_changed.connect(self._show_facts)
        self._on_changed()

    def _lay_out(self) -> None:
        bar = panel("form")
        line = QHBoxLayout(bar)
        line.setContentsMargins(14, 8, 12, 8)
        line.setSpacing(8)
        line.addWidget(self.sentence, 1)
        line.addWidget(self.progress)
        for widget in (self.stop, self.save, self.objects, self.ask):
            line.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        for page in (self.facts, self.remedy):
            self._pages.addWidget(_scrolled(page))
        self._pages.addWidget(self.values)
        self._pages.addWidget(_scrolled(self.decisions))
        strip = panel("strip")
        choices = QHBoxLayout(strip)
        choices.setContentsMargins(12, 4, 12, 4)
        choices.addWidget(self.tabs)
        choices.addStretch(1)
        told = QWidget()
        column = QVBoxLayout(told)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(strip)
        column.addWidget(self._pages, 1)
        self._below = QSplitter()
        self._below.setChildrenCollapsible(False)
        self._below.addWidget(self.source)
        self._below.addWidget(told)
        self._below.setSizes([520, 720])
        self._below.setMinimumHeight(_LEAST_BELOW)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.pair)
        splitter.addWidget(self._below)
        splitter.setSizes([320, 320])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addWidget(splitter, 1)

    def parts(self) -> tuple[QWidget, ...]:
        """What the keyboard walks through."""
        return (
            self.objects, self.ask, self.graphs, self.source.pane.editor, self.values.facts,
            self.remedy.patch, self.decisions, self.facts,
        )  # fmt: skip

    def show_page(self, number: int) -> None:
        """Show cause, remedy, values or decisions."""
        self.tabs.set_choice(number)
        self._pages.setCurrentIndex(number)

    # --- what is asked --------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: who comes here wants to know why."""
        super().showEvent(event)
        self._propose()

    def _propose(self) -> None:
        """Ask for inputs when this is first seen: there is nothing else to be done here."""
        document = self._document
        self._offer_objects()
        is_new = not self._has_asked and not document.diagnosis.name and bool(self.objects.name)
        if self.isVisible() and is_new and document.is_python and document.phase == "ready":
            self._has_asked = True
            document.objects.ask_why(self.objects.name)

    def _offer_objects(self) -> None:
        is_choice = self.objects.count() > 1
        self.objects.setVisible(is_choice and not self._document.diagnosis.is_running)

    def _on_ask(self) -> None:
        self._has_asked = True
        if self.objects.name:
            self._document.objects.ask_why(self.objects.name)
        else:
            self.sentence.setText(_NOTHING)

    # --- what came out --------------------------------------------------------------------------

    def _on_changed(self) -> None:
        diagnosis = self._document.diagnosis
        row, is_running = diagnosis.row, diagnosis.is_running
        if diagnosis.name:
            self.objects.choose(diagnosis.name)
        self.progress.setVisible(is_running)
        self.stop.setVisible(is_running)
        self.ask.setVisible(not is_running)
        self._offer_objects()
        self.save.setVisible(row is not None and bool(row.report))
        self.sentence.setText(diagnosis.sentence or ("" if row is None else verdict(row)))
        self._below.setVisible(row is not None)
        if row is self._shown and row is not None:
            return
        self._shown = row
        comparison = row.comparison if row is not None else None
        note = _HINT if row is None else row.why_no_graphs or _NO_GRAPHS
        self.values.show_row(comparison, None)
        self.remedy.show_diagnosis(row)
        if row is None:
            self.pair.show_comparison(None, note)
            return
        self.source.show_diagnosis(row)
        self.pair.show_comparison(comparison, note)
        self.tabs.describe(_DECISIONS, heading_of_decisions(row), "All that the trace decided once")
        self.tabs.offer(_REMEDY, row.diverged)
        self.tabs.offer(_VALUES, comparison is not None)
        self._show_facts()
        self.show_page(_CAUSE)

    def _links(self) -> Links:
        return Links(self.source.has, self.source.row_of)

    def _show_facts(self) -> None:
        row = self._shown
        if row is not None:
            theme = self._themes.theme
            self.facts.show_facts(row.name, facts_of(row, self._links()), theme)
            heading = heading_of_decisions(row)
            self.decisions.show_facts(heading, decisions_of(row, self._links()), theme)

    def _on_graphs_shown(self) -> None:
        """Lines and nodes lead to each other now."""
        if self._shown is not None:
            self.source.take_rows(self.graphs.rows)
            self._show_facts()

    def _on_row_chosen(self, number: int) -> None:
        row, shown = self.graphs.rows[number], self._shown
        self.values.show_row(None if shown is None else shown.comparison, row)
        # What was found is told first; the line of another row comes when a person looks at that row.
        if number != self.graphs.first or self._pages.currentIndex() != _CAUSE:
            self.source.show_row(row)

    def _on_row_picked(self, number: int) -> None:
        self.graphs.choose(number, centred=True)

    def _on_followed(self, link: str) -> None:
        kind, _, rest = link.partition(":")
        if kind == "row":
            self.graphs.choose(int(rest), centred=True)
            self.graphs.setFocus()
        elif kind == "page":
            self.show_page(int(rest))
        else:
            file, _, line = rest.rpartition(":")
            self.source.show_line(file, int(line))

    # --- the report -----------------------------------------------------------------------------

    def _on_save(self) -> None:
        row = self._shown
        if row is None:
            return
        name = f"{Path(self._document.path).stem}-{row.name}.html"
        path, _ = QFileDialog.getSaveFileName(self, "Save the report", name, "Web page (*.html)")
        if path:
            why_not = write_exported(path, row.report.encode(errors="replace"))
            self.sentence.setText(f"{path} cannot be written: {why_not}." if why_not else f"Saved {path}.")


def _scrolled(page: QWidget) -> QScrollArea:
    inner = panel("form")
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(page)
    column.addStretch(1)
    area = QScrollArea(widgetResizable=True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    return area
