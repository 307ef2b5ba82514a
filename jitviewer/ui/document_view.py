"""The views of one document: texts above the canvas or beside it, and the scrubber below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from jitviewer.protocol.events import ParseableGiven
from jitviewer.ui.canvas.panel import CanvasPanel
from jitviewer.ui.editors.pass_diff import PassDiff
from jitviewer.ui.editors.text_pane import TextPane
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.banner import Banner
from jitviewer.ui.widgets.busy_line import BusyLine
from jitviewer.ui.widgets.constructor_bar import ConstructorBar
from jitviewer.ui.widgets.message_panel import MessagePanel
from jitviewer.ui.widgets.problem_list import ProblemList
from jitviewer.ui.widgets.scrubber import Scrubber

_NARROW = 560
"""A view that is less wide than this, as in a split window, has everything in one column."""

_ROOM_FOR_THREE = 960
"""The width that source, code and graph need in a row."""

_OPEN_ANOTHER = "Open another file…"
_TENSORS_ARE_IN_THE_TREE = "The tensors are listed in the tree; select one there to look at its numbers."

_PARTS, _TEXTS, _BESIDE = "workspace/parts", "workspace/text-panes", "workspace/beside"


class DocumentView(QWidget):
    """Attributes: `source` (of a Python file), `code`, `graph`, `record` (text panes), `diff` (before and
    after a pass), `texts` (all of them), `canvas`, `scrubber`, `banner`,
    `file_banner` (news of the file on disk), `empty` (in place of all these where a file has no code), and
    for Python files `constructor_bar` and `problems`.
    """

    def __init__(
        self,
        document: DocumentState,
        themes: ThemeManager,
        settings: Settings,
        file_banner: Banner,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._themes = themes
        self._settings = settings
        self.banner = Banner(themes)
        self.file_banner = file_banner
        self.constructor_bar = ConstructorBar()
        self.problems = ProblemList()
        self._busy = BusyLine(themes)
        # From the outside in: a widget that gets another parent is styled again, with all that it holds.
        self._parts = QSplitter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._busy)
        column.addWidget(self.file_banner)
        column.addWidget(self.banner)
        column.addWidget(self.constructor_bar)
        column.addWidget(self._parts, 1)
        self.empty = MessagePanel(themes)
        self.empty.hide()
        column.addWidget(self.empty, 1)
        self.texts = QSplitter(self._parts)
        for splitter in (self.texts, self._parts):
            splitter.setHandleWidth(4)
            splitter.setChildrenCollapsible(False)
        self.source = TextPane("Source", themes)
        self.source.hide()
        self._place_of_source: tuple[str, str] | None = None
        self.code = TextPane("Code", themes, has_forms=True)
        self.graph = TextPane("Graph", themes)
        self.record = TextPane("File", themes, closable=True)
        self.record.hide()
        self._diff: PassDiff | None = None
        for pane in (self.record, self.source, self.code, self.graph):
            self.texts.addWidget(pane)
        self.canvas = CanvasPanel(document, themes)
        self._parts.addWidget(self.canvas)
        self.scrubber = Scrubber(document, themes)
        column.addWidget(self.problems)
        column.addWidget(self.scrubber)
        self._is_narrow = False
        self._is_beside = self._wants_beside()
        self._arrange()
        self._parts.splitterMoved.connect(self._save_sizes)
        self.texts.splitterMoved.connect(self._save_sizes)
        self._connect(document)
        self._show_program_or_none()

    @property
    def diff(self) -> PassDiff:
        """The text before and after a pass, made when one is first compared."""
        if self._diff is None:
            self._diff = PassDiff(self._themes)
            self._diff.hide()
            self._diff.closed.connect(self._on_pass_diff_closed)
            self._diff.nodes_picked.connect(lambda nodes: self._on_nodes_picked(nodes, "diff"))
            # Last, so that the sizes of the others, which are remembered, keep their places.
            self.texts.addWidget(self._diff)
        return self._diff

    def text_parts(self) -> tuple[QWidget, ...]:
        """The texts that the keyboard walks through, hidden ones included."""
        shown = (self.record.editor, self.source.editor, self.code.editor, self.graph.editor)
        return shown if self._diff is None else (*shown, self._diff)

    def arrange(self, is_beside: bool) -> None:
        """Put the canvas beside the texts, which then stand one above the other, or below them."""
        self._is_beside = is_beside
        self._settings.set_flag(_BESIDE, is_beside)
        self._arrange()

    def _wants_beside(self) -> bool:
        """What the person chose; without a choice, where three texts in a row would be too narrow to read."""
        if self._settings.has(_BESIDE):
            return self._settings.flag(_BESIDE, default=False)
        return self._document.source is not None and self.width() < _ROOM_FOR_THREE

    def _rearrange(self) -> None:
        """Arrange anew if there is room for something else than before."""
        is_narrow, is_beside = self.width() < _NARROW, self._wants_beside()
        if (is_narrow, is_beside) != (self._is_narrow, self._is_beside):
            self._is_narrow, self._is_beside = is_narrow, is_beside
            self._arrange()

    def _arrange(self) -> None:
        beside, below = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        is_beside = self._is_beside and not self._is_narrow
        self._parts.setOrientation(beside if is_beside else below)
        self.texts.setOrientation(below if is_beside or self._is_narrow else beside)
        self._parts.setSizes([500, 500] if is_beside or self._is_narrow else [380, 620])
        self.texts.setSizes([500] * self.texts.count())
        if not self._is_narrow:
            for splitter, key in ((self._parts, _PARTS), (self.texts, _TEXTS)):
                sizes = self._settings.sizes(f"{key}/{self._is_beside}")
                if sizes:
                    splitter.setSizes(sizes)
        self.canvas.arrange.setEnabled(not self._is_narrow)
        if self._is_beside:
            self.canvas.arrange.become("below", "Canvas below the texts")
        else:
            self.canvas.arrange.become("beside", "Canvas beside the texts")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: half a window has no room for two texts side by side."""
        super().resizeEvent(event)
        self._rearrange()

    def _save_sizes(self) -> None:
        if self._is_narrow:
            return
        for splitter, key in ((self._parts, _PARTS), (self.texts, _TEXTS)):
            self._settings.set_sizes(f"{key}/{self._is_beside}", splitter.sizes())

    def _connect(self, document: DocumentState) -> None:
        document.phase_changed.connect(self._show_program_or_none)
        document.source_changed.connect(self._on_source_changed)
        document.code_changed.connect(self._on_code_changed)
        document.graph_changed.connect(self._on_graph_changed)
        document.record_shown.connect(self._on_record_shown)
        document.pass_diff_shown.connect(self._on_pass_diff_shown)
        document.pass_diff_gone.connect(self._on_pass_diff_closed)
        document.method_shown.connect(self._on_method_shown)
        document.method_failed.connect(lambda sentence: self.banner.show_message("error", sentence))
        document.noticed.connect(self.banner.show_message)
        document.times_changed.connect(self._on_times_changed)
        document.failure_changed.connect(self._on_failure_changed)
        document.busy_changed.connect(self._busy.set_busy)
        document.arguments_wanted.connect(self.constructor_bar.ask)
        self.constructor_bar.given.connect(document.compile_object)
        document.problems_changed.connect(lambda: self.problems.show_problems(document.problems))
        self.problems.chosen.connect(document.show_problem)
        self.problems.show_problems(document.problems)
        document.selection.selection_changed.connect(self._on_selection_changed)
        self.record.closed.connect(self._on_record_closed)
        self.canvas.arrange_requested.connect(lambda: self.arrange(not self._is_beside))
        if self.code.form is not None:
            self.code.form.chosen.connect(lambda number: document.set_code_form(number == 1, number == 2))
        for pane in (self.source, self.code, self.graph, self.record):
            pane.explain_wanted.connect(document.explain)
            document.name_explained.connect(pane.show_explanation)
        document.parseable_given.connect(self._on_parseable_given)
        # Of a graph the text is copied that torch parses.
        for pane in (self.source, self.code, self.record):
            pane.editor.copy_all_wanted.connect(pane.copy_all)
        self.graph.editor.copy_all_wanted.connect(document.ask_parseable)
        for name, pane in (("source", self.source), ("code", self.code), ("graph", self.graph)):
            pane.editor.nodes_picked.connect(lambda nodes, name=name: self._on_nodes_picked(nodes, name))
            pane.editor.line_activated.connect(self._on_line_activated)

    def _show_program_or_none(self) -> None:
        """Show texts and canvas, or why a file of tensors has none and where the tensors are."""
        document = self._document
        why = document.why_no_program
        self._parts.setVisible(not why)
        self.scrubber.setVisible(not why)
        self.empty.setVisible(bool(why))
        if why:
            sentence = f"{why}. {_TENSORS_ARE_IN_THE_TREE}"
            self.empty.show_empty("There is no code in this file", sentence, document.path, (_OPEN_ANOTHER,))

    def _on_method_shown(self) -> None:
        self.banner.hide()
        if not self.constructor_bar.field.hasFocus():
            self.constructor_bar.hide()

    def _on_source_changed(self) -> None:
        """Show the file beside what was made of it, from where the method begins when that is another one."""
        document = self._document
        self.code.set_compiled(document.source is not None)
        if document.source is None:
            return
        self.source.set_view(document.source, f"Source  ·  {document.source.title}")
        self.source.setVisible(self.record.isHidden() and not self._is_comparing())
        self._rearrange()
        place = document.module_path, document.method
        if place != self._place_of_source:
            self._place_of_source = place
            self.source.editor.show_line(document.source_line)

    def _is_comparing(self) -> bool:
        return self._diff is not None and not self._diff.isHidden()

    def _left_out_for_a_file(self) -> TextPane:
        """The text that a record or another file takes the place of."""
        return self.code if self._document.source is None else self.source

    def _on_code_changed(self) -> None:
        document = self._document
        if document.code is not None:
            # The module of an object in a Python file is written `Net:layer`.
            parts = [*document.module_path.replace(":", ".").split("."), document.method]
            where = ".".join(part for part in parts if part)
            self.code.set_view(document.code, f"Code  ·  {where}")
            if self.code.form is not None:
                self.code.form.set_choice(2 if document.code_is_original else int(document.code_after_passes))

    def _on_graph_changed(self) -> None:
        if self._document.graph is not None:
            title = self._document.graph.title
            self.graph.set_view(self._document.graph, title[:1].upper() + title[1:])

    def _on_parseable_given(self, given: ParseableGiven) -> None:
        QGuiApplication.clipboard().setText(given.text)
        changes = f": {given.changes}" if given.changes else ""
        self.banner.show_message("info", f"The graph was copied as text that torch's parser takes{changes}.")

    def _on_record_shown(self) -> None:
        if self._document.record is not None:
            self.record.set_view(self._document.record)
            # It takes the place of another: one more side by side would leave none room enough.
            self._on_pass_diff_closed()
            self._left_out_for_a_file().hide()
            self.record.show()
            if self._document.record_line:
                self.record.editor.show_line(self._document.record_line)
                self.record.editor.pick_line(self._document.record_line)

    def _on_pass_diff_shown(self) -> None:
        if self._document.pass_diff is not None:
            for pane in (self.record, self.source, self.code, self.graph):
                pane.hide()
            self.diff.show_diff(self._document.pass_diff)
            self.diff.show()

    def _on_pass_diff_closed(self) -> None:
        if self._diff is None or self._diff.isHidden():
            return
        self._diff.hide()
        self.source.setVisible(self._document.source is not None)
        self.code.show()
        self.graph.show()

    def _on_record_closed(self) -> None:
        self.record.hide()
        self._left_out_for_a_file().show()

    def _on_times_changed(self) -> None:
        for pane in (self.source, self.code, self.graph):
            self._document.turns.later(lambda editor=pane.editor: editor.set_times(self._document.times))

    def _on_failure_changed(self) -> None:
        for pane in (self.source, self.code, self.graph):
            pane.editor.set_failed_node(self._document.failed_node)

    def _on_selection_changed(self, nodes: Sequence[int], origin: str) -> None:
        self.source.editor.select_nodes(nodes, scroll=origin != "source")
        self.code.editor.select_nodes(nodes, scroll=origin != "code")
        self.graph.editor.select_nodes(nodes, scroll=origin != "graph")
        if self._diff is not None:
            self._diff.select_nodes(tuple(nodes))

    def _on_nodes_picked(self, nodes: tuple[int, ...], origin: str) -> None:
        self._document.selection.select(nodes, origin)

    def _on_line_activated(self, nodes: tuple[int, ...]) -> None:
        """Show on the canvas what a line stands for, even if frames hide it."""
        if nodes:
            self._document.reveal(nodes[0])
