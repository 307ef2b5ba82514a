"""The change that cures a trace, as a diff, with a button that applies it and one that takes it back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPushButton, QWidget

from jitviewer.protocol.diagnosis_rows import DiagnosisRow
from jitviewer.ui.compare.patch_text import PatchText
from jitviewer.ui.services.remedies import AppliedRemedy, RemedyError
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.headed_column import HeadedColumn
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.plain import set_tip
from jitviewer.ui.widgets.styled import styled

_NONE = "No change was found that cures it: the explanation says what a trace cannot keep."
_NOTHING_TO_CURE = "Nothing differs, so there is nothing to cure."


class RemedyPanel(HeadedColumn):
    """Attributes: `summary`, `patch`, `apply` and `undo`, `remark` (what became of it)."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__((14, 10, 12, 10), 6, parent)
        self._row: DiagnosisRow | None = None
        self._applied: AppliedRemedy | None = None
        self.summary = wrapped()
        self.patch = PatchText(themes)
        self.apply, self.undo = styled(QPushButton("Apply"), "primary"), QPushButton("Undo")
        self.remark = wrapped("", "caption")
        self.head.addWidget(self.summary, 1)
        self.head.addWidget(self.undo)
        self.head.addWidget(self.apply)
        self.column.addWidget(self.remark)
        self.column.addWidget(self.patch)
        self.column.addStretch(1)
        self.apply.clicked.connect(self._on_apply)
        self.undo.clicked.connect(self._on_undo)

    def show_diagnosis(self, row: DiagnosisRow | None) -> None:
        """Show what cures another diagnosis."""
        self._row, self._applied = row, None
        self.remark.setText("")
        self._show()

    def _show(self) -> None:
        row = self._row
        remedy = row.remedy if row is not None else None
        has_patch = remedy is not None and bool(remedy.patch)
        self.patch.setVisible(has_patch)
        self.apply.setVisible(has_patch and self._applied is None)
        self.undo.setVisible(self._applied is not None)
        self.remark.setVisible(bool(self.remark.text()))
        if remedy is None:
            self.summary.setText(_NONE if row is not None and row.diverged else _NOTHING_TO_CURE)
            return
        self.summary.setText(sentence_of(remedy.summary))
        self.patch.show_patch(remedy.patch)
        set_tip(self.apply, f"Write this change to {Path(remedy.file).name}")

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
        self._show()


def sentence_of(summary: str) -> str:
    """A summary as a sentence."""
    return f"{summary[:1].upper()}{summary[1:].rstrip('.')}."
