"""What a pass does, when it is legal, and before and after it on a tiny example."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from jitviewer.plain_text import plain_line
from jitviewer.protocol.events import PassDiffShown, PassExampleGiven
from jitviewer.protocol.pass_page import facts_of_pass, paragraphs_of
from jitviewer.protocol.rows import PassExampleRow, PassRow
from jitviewer.ui.editors.pass_diff import PassDiff
from jitviewer.ui.pages.page import Page
from jitviewer.ui.services.documents import Documents
from jitviewer.ui.services.pass_examples import example_path
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.layouts import clear
from jitviewer.ui.widgets.styled import caption

_DIFF_HEIGHT = 300
_MOST_REASONS = 12
_RUNNING = "The pass is being run on its example…"
_NO_EXAMPLE = "There is no example of this pass."


class PassPage(Page):
    """Attributes: `row` (the pass), `name`, `what` (its description, by paragraphs), `facts`, `diff` (before
    and after), `reasons`, `open` (the example as a document).

    Signals: example_wanted(name, PassExampleRow): the example is to be opened before the pass's first step
    """

    example_wanted = Signal(str, object)

    def __init__(self, documents: Documents, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__("Pass", parent)
        self._documents = documents
        self.row: PassRow | None = None
        self._example: PassExampleRow | None = None
        self.name = caption("", "heading")
        self.what: list[QLabel] = []
        self._description = QVBoxLayout()
        self._description.setSpacing(8)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnMinimumWidth(0, 120)
        self._grid.setColumnStretch(1, 1)
        self.facts: list[tuple[str, str]] = []
        self.story = wrapped("", "dim")
        self.diff = PassDiff(themes)
        self.diff.setFixedHeight(_DIFF_HEIGHT)
        self.diff.closed.connect(self.left)
        self.reasons = wrapped("", "caption")
        self.open = QPushButton("Open the example and step through it")
        self.open.clicked.connect(self._on_open)
        example = QVBoxLayout()
        example.setSpacing(8)
        example.addWidget(caption("Example", "section"))
        for widget in (self.story, self.diff, self.reasons):
            example.addWidget(widget)
        example.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.name)
        self.column.addLayout(self._description)
        self.column.addSpacing(8)
        self.column.addLayout(self._grid)
        self.column.addSpacing(8)
        self.column.addLayout(example)
        documents.pass_example_given.connect(self._on_given)

    def show_pass(self, row: PassRow) -> None:
        """Show what is known of a pass, and ask for its example."""
        self.row = row
        self.name.setText(row.name)
        self.setAccessibleName(plain_line(f"The pass {row.name}"))
        self._describe(row.description or row.summary)
        self.facts = facts_of_pass(row)
        clear(self._grid)
        for number, (head, words) in enumerate(self.facts):
            self._grid.addWidget(wrapped(head, "dim"), number, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(wrapped(words), number, 1)
        self._show_example(None, _RUNNING)
        path = example_path(row.name)
        if path:
            self._documents.ask_pass_example(row.name, path)
        else:
            self._show_example(None, _NO_EXAMPLE)

    def _describe(self, description: str) -> None:
        clear(self._description)
        self.what = []
        for text, is_graph in paragraphs_of(description):
            label = wrapped(text)
            if is_graph:
                label.setFont(fonts.mono(fonts.CAPTION))
            self.what.append(label)
            self._description.addWidget(label)

    def _on_given(self, given: PassExampleGiven) -> None:
        if self.row is not None and given.name == self.row.name:
            self._show_example(given.example, given.why_not or _NO_EXAMPLE)

    def _show_example(self, example: PassExampleRow | None, why_not: str) -> None:
        self._example = example
        for widget in (self.diff, self.reasons, self.open):
            widget.setVisible(example is not None)
        if example is None or self.row is None:
            self.story.setText(why_not)
            return
        before = ", ".join(example.passes[:-1])
        self.story.setText(
            f"What the pass did to it when this page was opened{f', after {before}' if before else ''}."
        )
        self.diff.show_diff(PassDiffShown(0, self.row.name, example.before, example.after, example.groups))
        told = example.reasons[:_MOST_REASONS]
        if len(example.reasons) > _MOST_REASONS:
            told.append(f"and {len(example.reasons) - _MOST_REASONS:,} more, which the example steps through")
        self.reasons.setText("\n".join(told))

    def _on_open(self) -> None:
        if self.row is not None and self._example is not None:
            self.example_wanted.emit(self.row.name, self._example)
