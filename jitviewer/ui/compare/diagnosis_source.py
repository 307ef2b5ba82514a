"""The person's files that a diagnosis is about, as they were run, with the lines that it names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from jitviewer.protocol.comparison_rows import ComparedNodeRow
from jitviewer.protocol.diagnosis_rows import DiagnosisRow
from jitviewer.protocol.rows import TextView
from jitviewer.ui.compare.aligned_rows import AlignedRow
from jitviewer.ui.editors.text_pane import TextPane
from jitviewer.ui.theme import ThemeManager

_NAMED = -2
"""Stands, among the numbers of rows of a line, for the line that was asked for."""


class DiagnosisSource(QWidget):
    """Attributes: `pane`, `file` and `line` that are shown ("" and 0: none).

    Signals: row_picked(int): a person picked a line of which the graphs have this row
    """

    row_picked = Signal(int)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pane = TextPane("Source", themes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pane)
        self._texts: dict[str, str] = {}
        self._rows: dict[tuple[str, int], list[int]] = {}
        self.file, self.line = "", 0
        self.pane.editor.nodes_picked.connect(self._on_picked)

    def take_rows(self, rows: Sequence[AlignedRow]) -> None:
        """Link lines with these rows of the graphs."""
        self._rows = rows_by_line(rows)
        self.show_line(self.file, self.line)

    def show_diagnosis(self, row: DiagnosisRow) -> None:
        """Show the files of a diagnosis, the line of its cause first."""
        self._texts = {source.path: source.text for source in row.sources}
        self._rows = {}
        self.file, self.line = "", 0
        if row.causes and self.show_line(row.causes[0].file, row.causes[0].line):
            return
        first = next(iter(self._texts), "")
        if first:
            self.show_line(first, 1)
        else:
            self.pane.set_view(TextView("Source", "source", "", [[]], {}))

    def has(self, file: str) -> bool:
        """Whether a file can be shown."""
        return file in self._texts

    def show_line(self, file: str, line: int) -> bool:
        """Show a line, counted from 1, of a file; False for a file that the diagnosis does not have."""
        text = self._texts.get(file)
        if text is None:
            return False
        self.file, self.line = file, line
        count = text.count("\n") + 1
        nodes = [
            [*([_NAMED] if at == line else []), *self._rows.get((file, at), ())] for at in range(1, count + 1)
        ]
        name = Path(file).name
        self.pane.set_view(TextView(name, "source", text, nodes, {}), f"Source  ·  {name}, line {line}")
        self.pane.editor.show_line(max(0, line - 1))
        self.pane.editor.select_nodes((_NAMED,), scroll=True)
        return True

    def show_row(self, row: AlignedRow) -> None:
        """Show where a row of the graphs comes from, if it is in one of the files."""
        for node in (row.left, row.right):
            if node is not None and self.show_line(node.file, node.line):
                return

    def row_of(self, file: str, line: int) -> int:
        """The first row of the graphs that comes from a line, -1 for none."""
        return next(iter(self._rows.get((file, line), ())), -1)

    def _on_picked(self, nodes: tuple[int, ...]) -> None:
        row = next((node for node in nodes if node >= 0), -1)
        if row >= 0:
            self.row_picked.emit(row)


def rows_by_line(rows: Sequence[AlignedRow]) -> dict[tuple[str, int], list[int]]:
    """The rows of each line; of a line that decides, the if or the loop first."""
    found: dict[tuple[str, int], list[int]] = {}
    for number, row in enumerate(rows):
        places = {(node.file, node.line) for node in (row.left, row.right) if node is not None and node.file}
        for place in places:
            known = found.setdefault(place, [])
            if _decides(row.left) or _decides(row.right):
                known.insert(0, number)
            else:
                known.append(number)
    return found


def _decides(node: ComparedNodeRow | None) -> bool:
    return node is not None and node.kind in ("prim::If", "prim::Loop")
