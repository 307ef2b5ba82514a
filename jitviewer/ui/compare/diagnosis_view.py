"""Why a trace of an object of a Python file differs: what came out, and the change that cures it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from jitviewer.protocol.diagnosis_rows import DiagnosisRow
from jitviewer.ui.compare.diagnosis_facts import decisions_of, facts_of, heading_of_decisions, verdict
from jitviewer.ui.compare.patch_text import PatchText
from jitviewer.ui.docks.facts_browser import FactsBrowser
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.exported_files import write_exported
from jitviewer.ui.services.remedies import AppliedRemedy, RemedyError
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.plain import set_tip
from jitviewer.ui.widgets.styled import caption, panel, styled

_HINT = (
    "A function or module is run beside a trace of it and its script: where they part, the line, the "
    "decision and inputs that show it are told here."
)
_NOTHING = "Choose a function or module in the tree, and ask again."


class DiagnosisView(QWidget):
    """Attributes: `ask` (asks for inputs), `stop`, `progress`, `sentence` (what is done, or came out),
    `facts`, `decisions` (of the trace), `patch`, `apply` and `undo` (of the change), `remark` (what became
    of it), `save` (the report).
    """

    def __init__(self, document: DocumentState, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._themes = themes
        self._applied: AppliedRemedy | None = None
        self.ask = styled(QPushButton("Why does a trace differ?"), "primary")
        self.stop = QPushButton("Stop")
        self.progress = QProgressBar(textVisible=False)
        self.progress.setRange(0, 0)
        self.progress.setFixedWidth(120)
        self.sentence = wrapped()
        self.facts = FactsBrowser()
        self.facts.setAccessibleName("Why the trace differs")
        self.decisions = FactsBrowser()
        self.decisions.setAccessibleName("What the trace decided")
        self.patch = PatchText(themes)
        self.apply, self.undo = QPushButton("Apply"), QPushButton("Undo")
        self.save = QPushButton("Save report…")
        self.remark = wrapped("", "caption")
        self._summary = wrapped()
        self._lay_out()
        self.ask.clicked.connect(self._on_ask)
        self.stop.clicked.connect(document.diagnosis.stop)
        for facts in (self.facts, self.decisions):
            facts.followed.connect(self._on_followed)
        self.apply.clicked.connect(self._on_apply)
        self.undo.clicked.connect(self._on_undo)
        self.save.clicked.connect(self._on_save)
        document.diagnosis.changed.connect(self._on_changed)
        themes.theme_changed.connect(self._show_facts)
        self._on_changed()

    def _lay_out(self) -> None:
        bar = panel("form")
        line = QHBoxLayout(bar)
        line.setContentsMargins(14, 8, 12, 8)
        line.setSpacing(8)
        line.addWidget(self.sentence, 1)
        line.addWidget(self.progress)
        for widget in (self.stop, self.save, self.ask):
            line.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        self._remedy = panel("form")
        cure = QVBoxLayout(self._remedy)
        cure.setContentsMargins(12, 4, 12, 10)
        cure.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(caption("Remedy", "section"), 1)
        head.addWidget(self.undo)
        head.addWidget(self.apply)
        cure.addLayout(head)
        cure.addWidget(self._summary)
        cure.addWidget(self.remark)
        cure.addWidget(self.patch)
        inner = panel("form")
        below = QVBoxLayout(inner)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        for widget in (self.facts, self._remedy, self.decisions):
            below.addWidget(widget)
        below.addStretch(1)
        self._area = QScrollArea(widgetResizable=True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addWidget(self._area, 1)
        whole.addStretch()

    def parts(self) -> tuple[QWidget, ...]:
        """What the keyboard walks through."""
        return self.ask, self.patch, self.decisions, self.facts

    @property
    def _row(self) -> DiagnosisRow | None:
        return self._document.diagnosis.row

    # --- what is asked --------------------------------------------------------------------------

    def _on_ask(self) -> None:
        # What is shown now, else what was asked about last: what cannot be compiled is not shown.
        name = self._document.object_shown or self._document.diagnosis.name
        if name:
            self._document.ask_why(name)
        else:
            self.sentence.setText(_NOTHING)

    def _on_followed(self, line: str) -> None:
        self._document.show_record(f"{self._document.path}:{line}")

    # --- what came out --------------------------------------------------------------------------

    def _on_changed(self) -> None:
        diagnosis, row = self._document.diagnosis, self._row
        is_running = diagnosis.is_running
        if is_running:
            self._applied = None
            self.remark.setText("")
        self.progress.setVisible(is_running)
        self.stop.setVisible(is_running)
        self.ask.setVisible(not is_running)
        self.save.setVisible(row is not None and bool(row.report))
        self.sentence.setText(diagnosis.sentence or (_HINT if row is None else verdict(row)))
        self._area.setVisible(row is not None)
        self._show_facts()
        self._show_remedy()

    def _show_facts(self) -> None:
        row = self._row
        if row is not None:
            self.facts.show_facts(row.name, facts_of(row), self._themes.theme)
            heading = heading_of_decisions(row)
            self.decisions.show_facts(heading, decisions_of(row), self._themes.theme)

    def _show_remedy(self) -> None:
        remedy = self._row.remedy if self._row is not None else None
        self._remedy.setVisible(remedy is not None)
        if remedy is None:
            return
        self._summary.setText(f"{remedy.summary[:1].upper()}{remedy.summary[1:].rstrip('.')}.")
        self.patch.setVisible(bool(remedy.patch))
        self.patch.show_patch(remedy.patch)
        self.remark.setVisible(bool(self.remark.text()))
        self.apply.setVisible(self._applied is None and bool(remedy.patch))
        set_tip(self.apply, f"Write this change to {Path(remedy.file).name}")
        self.undo.setVisible(self._applied is not None)

    # --- the person's files ---------------------------------------------------------------------

    def _on_apply(self) -> None:
        row = self._row
        if row is None:
            return
        try:
            self._applied = AppliedRemedy(row)
        except RemedyError as error:
            self._remark(str(error))
        else:
            self._remark(f"{Path(row.content.path).name} was changed. Undo puts back what it held.")

    def _on_undo(self) -> None:
        if self._applied is None:
            return
        try:
            self._applied.undo()
        except RemedyError as error:
            self._remark(str(error))
        else:
            self._applied = None
            self._remark("The file is as it was.")

    def _remark(self, sentence: str) -> None:
        self.remark.setText(sentence)
        self._show_remedy()

    def _on_save(self) -> None:
        row = self._row
        if row is None:
            return
        name = f"{Path(self._document.path).stem}-{row.name}.html"
        path, _ = QFileDialog.getSaveFileName(self, "Save the report", name, "Web page (*.html)")
        if path:
            why_not = write_exported(path, row.report.encode(errors="replace"))
            self.sentence.setText(f"{path} cannot be written: {why_not}." if why_not else f"Saved {path}.")
