"""The document in front beside another open one: aligned graphs, what differs first, and the values."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from jitviewer.plain_text import plain_line
from jitviewer.protocol import events, requests
from jitviewer.protocol.comparison_rows import ComparisonRow
from jitviewer.protocol.input_spec import SpecError, parse_spec
from jitviewer.ui.compare.comparison_facts import facts_of, verdict
from jitviewer.ui.compare.diagnosis_view import DiagnosisView
from jitviewer.ui.compare.graph_pair_panel import GraphPairPanel
from jitviewer.ui.compare.values_panel import ValuesPanel
from jitviewer.ui.docks.facts_browser import FactsBrowser
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.documents import Documents
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.plain import set_tip
from jitviewer.ui.widgets.segments import Segments
from jitviewer.ui.widgets.styled import caption, panel

_ORIGIN = "comparison"
_COMPARED_PASSES = ("inline",)
"""What both graphs are rewritten by before they are compared."""

_LEAST_FACTS = 96
"""Pixels: a heading and two lines."""

_FIELDS = 6
"""Inputs that can be edited here; the others get what is proposed."""

_NOBODY = "Open a second file to compare this one with."
_HINT = (
    "Both are run on the same inputs, and every pair of values is compared. The first that differs comes to "
    "the middle; N goes to the next one, the arrows walk, Ctrl and the wheel zoom."
)
_STAGES = {"loading": "Loading both…", "compiling": "Aligning the graphs…", "running": "Running both…"}


class CompareView(QWidget):
    """Attributes: `other` (the choice of a document), `fields` (of inputs), `button`, `pair` and its
    `graphs`, `facts`, `values` (of the row that is looked at), `sentence` (what came out). Of a Python file
    `diagnosis` shows why a trace differs, in the place of all these, and `choice` says which of both is
    shown.
    """

    def __init__(
        self,
        document: DocumentState,
        documents: Documents,
        themes: ThemeManager,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._documents = documents
        self._themes = themes
        self._comparison: ComparisonRow | None = None
        self._is_running = False
        self.other = QComboBox()
        self.other.setAccessibleName("Document to compare with")
        self.other.setMinimumContentsLength(18)
        self.fields: list[QLineEdit] = []
        self._inputs = QHBoxLayout()
        self._inputs.setSpacing(6)
        self.button = QPushButton("Compare")
        self.button.setObjectName("primary")
        self.button.clicked.connect(self.toggle)
        self.sentence = wrapped(_HINT)
        self.pair = GraphPairPanel(themes)
        self.graphs = self.pair.graphs
        self.graphs.row_chosen.connect(self._on_row_chosen)
        self.values = ValuesPanel(themes)
        self.facts = FactsBrowser()
        self.facts.setAccessibleName("Facts about the comparison")
        self.diagnosis = DiagnosisView(document, themes)
        self.choice = Segments(
            [
                ("Its own trace", "Say why a trace of what is shown differs from it"),
                ("Another document", "Compare with the graph of another open document"),
            ]
        )
        self.choice.chosen.connect(self._choose)
        self._lay_out()
        document.answered.connect(self._on_answered)
        document.method_shown.connect(self._on_method_shown)
        documents.opened.connect(self._on_documents_changed)
        documents.closed.connect(self._on_documents_changed)
        themes.theme_changed.connect(self._show_facts)
        self._fill_others()
        self._fill_inputs()
        self._show_facts()

    def _lay_out(self) -> None:
        bar = panel("strip")
        line = QHBoxLayout(bar)
        line.setContentsMargins(12, 6, 12, 6)
        line.setSpacing(8)
        line.addWidget(caption("Compare with"))
        line.addWidget(self.other)
        line.addWidget(caption("on"))
        line.addLayout(self._inputs, 1)
        line.addWidget(self.button)
        said = panel("form")
        words = QVBoxLayout(said)
        words.setContentsMargins(14, 8, 14, 8)
        words.setSpacing(4)
        words.addWidget(self.sentence)
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (bar, said):
            column.addWidget(widget)
        column.addWidget(self.pair, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(top)
        inner = panel("form")
        below = QVBoxLayout(inner)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.facts)
        below.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        told = QSplitter()
        told.setChildrenCollapsible(False)
        told.setMinimumHeight(_LEAST_FACTS)
        told.addWidget(area)
        told.addWidget(self.values)
        told.setSizes([500, 500])
        splitter.addWidget(told)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([480, 300])
        self._stack = QStackedWidget()
        self._stack.addWidget(self.diagnosis)
        self._stack.addWidget(splitter)
        choices = panel("strip")
        row = QHBoxLayout(choices)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(8)
        row.addWidget(caption("Compare with"))
        row.addWidget(self.choice)
        row.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(choices)
        whole.addWidget(self._stack, 1)
        choices.setVisible(self._document.is_python)
        self._choose(0 if self._document.is_python else 1)

    def show_own_trace(self) -> None:
        """Show why a trace differs, not the comparison with another document."""
        self._choose(0)

    def parts(self) -> tuple[QWidget, ...]:
        """What the keyboard walks through; what gets it at first is the last."""
        return *self.diagnosis.parts(), self.facts, self.graphs

    def _choose(self, number: int) -> None:
        self.choice.set_choice(number)
        self._stack.setCurrentIndex(number)

    # --- what is compared -----------------------------------------------------------------------

    def toggle(self) -> None:
        """Compare, or cancel what is compared."""
        if self._is_running:
            self._document.ask(requests.CancelComparison(self._document.number))
            return
        number = self.other.currentData()
        inputs = self.inputs()
        problem = _problem(inputs)
        if problem or number is None:
            self.sentence.setText(problem or _NOBODY)
            return
        self._set_running(True)
        self.sentence.setText(_STAGES["loading"])
        self._document.ask(requests.CompareDocuments(self._document.number, number, inputs))

    def inputs(self) -> list[str]:
        """The texts of all inputs, without those at the end that are left out."""
        rows = self._document.inputs
        texts = [field.text().strip() for field in self.fields]
        texts += [row.spec for row in rows[len(texts) :]]
        while texts and not texts[-1] and not rows[len(texts) - 1].required:
            texts.pop()
        return texts

    def _fill_others(self) -> None:
        chosen = self.other.currentData()
        self.other.clear()
        for number, other in self._documents.by_number.items():
            if number != self._document.number:
                self.other.addItem(plain_line(Path(other.path).name), number)
                set_tip(self.other, other.path)
        at = self.other.findData(chosen)
        if at >= 0:
            self.other.setCurrentIndex(at)
        self.other.setEnabled(self.other.count() > 0)
        if self._comparison is None and not self._is_running:
            self.sentence.setText(_HINT if self.other.count() else _NOBODY)
        self.button.setEnabled(self._is_running or self.other.count() > 0)

    def _fill_inputs(self) -> None:
        for field in self.fields:
            self._inputs.removeWidget(field)
            field.deleteLater()
        self.fields = []
        for row in self._document.inputs[:_FIELDS]:
            field = QLineEdit(
                row.spec, placeholderText=plain_line(f"{row.name}{'' if row.required else ', left out'}")
            )
            field.setFont(fonts.mono())
            field.setAccessibleName(plain_line(f"Input {row.name}, {row.type}"))
            set_tip(field, f"{row.name}: {row.type}")
            field.returnPressed.connect(self.toggle)
            self._inputs.addWidget(field, 1)
            self.fields.append(field)

    def _set_running(self, is_running: bool) -> None:
        self._is_running = is_running
        self.button.setText("Cancel" if is_running else "Compare")
        self._fill_others()

    def _on_method_shown(self) -> None:
        self._fill_inputs()

    def _on_documents_changed(self, _document: object) -> None:
        self._fill_others()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: other documents may have come since."""
        super().showEvent(event)
        self._fill_others()

    # --- what came out --------------------------------------------------------------------------

    def _on_answered(self, event: events.Event) -> None:
        match event:
            case events.ComparisonMoved(stage=stage):
                self.sentence.setText(_STAGES.get(stage, stage))
            case events.ComparisonStopped(sentence=sentence):
                self._set_running(False)
                self.sentence.setText(sentence)
            case events.ComparisonDone(comparison=comparison):
                self._set_running(False)
                self.show_comparison(comparison)
            case _:
                return

    def show_comparison(self, comparison: ComparisonRow) -> None:
        """Show two graphs, with what differs first in the middle."""
        self._comparison = comparison
        self.sentence.setText(verdict(comparison))
        self.values.show_row(comparison, None)
        self.pair.show_comparison(comparison)
        self._show_facts()

    def _on_row_chosen(self, number: int) -> None:
        row = self.graphs.rows[number]
        # Nodes have the numbers of the comparison only where nothing but calls was rewritten.
        if row.left is not None and self._document.passes_on == _COMPARED_PASSES:
            self._document.selection.select([row.left.node_id], _ORIGIN)
        self.values.show_row(self._comparison, row)

    def _show_facts(self) -> None:
        if self._comparison is None:
            self.facts.show_hint("Values and causes are told here.", self._themes.theme)
            return
        self.facts.show_facts("Comparison", facts_of(self._comparison), self._themes.theme)


def _problem(inputs: list[str]) -> str:
    for text in inputs:
        try:
            parse_spec(text)
        except SpecError as error:
            return str(error)
    return ""
