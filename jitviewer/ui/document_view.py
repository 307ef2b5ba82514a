"""The views of one document: texts above the canvas or beside it, and the scrubber below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from jitviewer.protocol.events import ParseableGiven, TraceProposed
from jitviewer.ui.canvas.panel import CanvasPanel
from jitviewer.ui.editors.code_editor import CodeEditor
from jitviewer.ui.editors.pass_diff import PassDiff
from jitviewer.ui.editors.text_pane import TextPane
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.documents import Documents
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.banner import Banner
from jitviewer.ui.widgets.busy_line import BusyLine
from jitviewer.ui.widgets.constructor_bar import ConstructorBar
from jitviewer.ui.widgets.message_panel import MessagePanel
from jitviewer.ui.widgets.problem_list import ProblemList
from jitviewer.ui.widgets.scrubber import Scrubber
from jitviewer.ui.widgets.trace_bar import TraceBar
from jitviewer.ui.workspaces.arrangement import Arrangement

if TYPE_CHECKING:
    from jitviewer.ui.compare.compare_view import CompareView

_NARROW = 560
"""A view that is less wide than this, as in a split window, has everything in one column."""

_LEAST = 300
"""The width in which a column of everything can still be read."""

_COLUMN = 320
"""The width that a text, or the canvas, needs in a row."""

_OPEN_ANOTHER = "Open another file…"
_TENSORS_ARE_IN_THE_TREE = "The tensors are listed in the tree; select one there to look at its numbers."


class DocumentView(QWidget):
    """Attributes: `source` (of a Python file), `code`, `graph`, `record` (text panes), `diff` (before and
    after a pass), `texts` (all of them), `canvas`, `splitter` (between these two),
    `scrubber`, `banner`, `file_banner` (news of the file on disk), `empty` (in place of all these where a
    file has no code), and for Python files `constructor_bar`, `trace_bar` and `problems`.
    Signals: view_wanted(name): what was asked for is to be seen in this view
    """

    view_wanted = Signal(str)

    def __init__(
        self,
        document: DocumentState,
        documents: Documents,
        themes: ThemeManager,
        arrangement: Arrangement,
        file_banner: Banner,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._documents = documents
        self._themes = themes
        self._arrangement = arrangement
        self.banner = Banner(themes)
        self.file_banner = file_banner
        self.constructor_bar = ConstructorBar()
        self.trace_bar = TraceBar(themes)
        self.problems = ProblemList()
        self._busy = BusyLine(themes)
        # From the outside in: a widget that gets another parent is styled again, with all that it holds.
        self.splitter = QSplitter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._busy)
        column.addWidget(self.file_banner)
        column.addWidget(self.banner)
        column.addWidget(self.constructor_bar)
        column.addWidget(self.trace_bar)
        column.addWidget(self.splitter, 1)
        self._column = column
        self._comparison: CompareView | None = None
        self.empty = MessagePanel(themes)
        self.empty.hide()
        column.addWidget(self.empty, 1)
        self.texts = QSplitter(self.splitter)
        self.made = QSplitter(self.texts)
        for splitter in (self.splitter, self.texts, self.made):
            splitter.setHandleWidth(4)
            splitter.setChildrenCollapsible(False)
            splitter.splitterMoved.connect(self._keep_sizes)
        self.source = TextPane("Source", themes)
        self._place_of_source: tuple[str, str] | None = None
        self.code = TextPane("Code", themes, has_forms=True)
        self.graph = TextPane("Graph", themes)
        self.record = TextPane("File", themes, closable=True)
        self._diff: PassDiff | None = None
        for number, pane in enumerate((self.record, self.source)):
            pane.hide()
            self.texts.insertWidget(number, pane)
        for pane in (self.code, self.graph):
            self.made.addWidget(pane)
        self.canvas = CanvasPanel(document, themes)
        self.splitter.addWidget(self.canvas)
        self.scrubber = Scrubber(document, themes)
        column.addWidget(self.problems)
        column.addWidget(self.scrubber)
        # What stands in a row asks for more room than a column does, but gives way to one.
        self.setMinimumWidth(_LEAST)
        self._has_record = self._is_comparing = False
        self._arranged: object = None
        self._arrange()
        # A function of ours would keep the view alive as long as the window: a method does not.
        arrangement.changed.connect(self._on_arrangement_changed)
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
            self.texts.addWidget(self._diff)
        return self._diff

    @property
    def comparison(self) -> CompareView:
        """The graph beside that of another document, made when it is first asked for."""
        if self._comparison is None:
            # Who only reads does not wait for it.
            from jitviewer.ui.compare.compare_view import CompareView

            self._comparison = CompareView(self._document, self._documents, self._themes, self)
            # Shown where a workspace wants it, whoever asked for it first.
            self._comparison.hide()
            self._column.insertWidget(self._column.indexOf(self.splitter) + 1, self._comparison, 1)
        return self._comparison

    def comparison_parts(self) -> tuple[QWidget, ...]:
        """What of the comparison the keyboard walks through."""
        if self._comparison is None:
            return ()
        return self._comparison.parts()

    def editors(self) -> dict[str, CodeEditor]:
        """The texts by name, hidden ones included."""
        return {
            "record": self.record.editor, "source": self.source.editor, "code": self.code.editor,
            "graph": self.graph.editor,
        }  # fmt: skip

    def text_parts(self) -> tuple[QWidget, ...]:
        """The texts that the keyboard walks through, hidden ones included."""
        shown = (self.record.editor, self.source.editor, self.code.editor, self.graph.editor)
        return shown if self._diff is None else (*shown, self._diff)

    # --- which views are shown, and where -------------------------------------------------------

    def _shown(self) -> dict[str, bool]:
        """Of each view whether it is shown: the workspace wants it, and nothing else takes its place."""
        wanted, has_source = self._arrangement.views, self._document.source is not None
        has_record = self._has_record and not self._is_comparing
        is_read = not self._is_comparing
        return {
            "record": has_record,
            "source": is_read and "source" in wanted and has_source and not has_record,
            # One more side by side would leave none room enough.
            "code": is_read and "code" in wanted and not (has_record and not has_source),
            "graph": is_read and "graph" in wanted,
            "diff": self._is_comparing,
            # Two texts beside each other need the room of the picture as well.
            "canvas": "canvas" in wanted and not (self._is_comparing and self._arrangement.is_beside),
        }

    def _arrange(self) -> None:
        """Show what is to be shown, in the rows and columns that there is room for, as large as last time.

        Nothing is done where all of that is as it was: then the sizes are what a person sees and drags.
        """
        shown = self._shown()
        is_narrow, is_beside = self.width() < _NARROW, self._arrangement.is_beside
        columns = self._columns(shown)
        is_in_a_row = not is_narrow and (not is_beside or self.width() >= columns * _COLUMN)
        has_scrubber = "scrubber" in self._arrangement.views and not self._document.why_no_program
        is_compared = "comparison" in self._arrangement.views and not self._document.why_no_program
        has_program = not self._document.why_no_program
        state = (
            self._arrangement.workspace.name, shown, has_scrubber, is_compared, has_program, is_narrow,
            is_beside, is_in_a_row,
        )  # fmt: skip
        if state == self._arranged:
            return
        self._arranged = state
        for name, pane in (
            ("record", self.record), ("source", self.source), ("code", self.code), ("graph", self.graph),
            ("canvas", self.canvas),
        ):  # fmt: skip
            pane.setVisible(shown[name])
        if self._diff is not None:
            self._diff.setVisible(shown["diff"])
        self.made.setVisible(shown["code"] or shown["graph"])
        self.texts.setVisible(any(shown[name] for name in shown if name != "canvas"))
        self.scrubber.set_wanted(has_scrubber)
        # What cannot be compiled has a trace all the same, and is compared as such.
        self.problems.set_wanted(not is_compared)
        if is_compared or self._comparison is not None:
            self.comparison.setVisible(is_compared)
        self.splitter.setVisible(any(shown.values()) and not self._document.why_no_program)
        beside, below = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self.splitter.setOrientation(beside if is_beside and not is_narrow else below)
        self.texts.setOrientation(beside if is_in_a_row else below)
        is_stacked = is_beside and shown["source"]
        self.made.setOrientation(beside if is_in_a_row and not is_stacked else below)
        self._share_out(is_narrow)
        self.canvas.arrange.setEnabled(not is_narrow)
        if is_beside:
            self.canvas.arrange.become("below", "Canvas below the texts")
        else:
            self.canvas.arrange.become("beside", "Canvas beside the texts")

    def _columns(self, shown: dict[str, bool]) -> int:
        """How many columns there are where everything stands in a row, of a Python file code above graph."""
        made = [shown["code"], shown["graph"]]
        texts = sum((shown["record"], shown["source"]))
        return texts + (any(made) if shown["source"] else sum(made)) + shown["canvas"]

    def _share_out(self, is_narrow: bool) -> None:
        share = 50 if is_narrow else self._arrangement.workspace.texts_share
        for splitter in (self.splitter, self.texts, self.made):
            shown, name = self._parts_of(splitter)
            usual = [10 * share, 1000 - 10 * share] if splitter is self.splitter else []
            kept = [] if is_narrow else self._arrangement.sizes(name, len(shown))
            sizes = [0] * splitter.count()
            for place, at in enumerate(shown):
                sizes[at] = kept[place] if kept else usual[at] if usual else 500
            splitter.setSizes(sizes)

    def _parts_of(self, splitter: QSplitter) -> tuple[list[int], str]:
        """Which of the parts in a splitter are shown, and a name for them and for how they stand."""
        names: dict[QWidget | None, str] = {
            self.record: "record", self.source: "source", self.made: "made", self.code: "code",
            self.graph: "graph", self.texts: "texts", self.canvas: "canvas", self._diff: "diff",
        }  # fmt: skip
        parts = [splitter.widget(at) for at in range(splitter.count())]
        shown = [at for at, part in enumerate(parts) if part is not None and not part.isHidden()]
        way = "row" if splitter.orientation() is Qt.Orientation.Horizontal else "column"
        return shown, "+".join([way, *(names[parts[at]] for at in shown)])

    def _keep_sizes(self) -> None:
        if self.width() < _NARROW:
            return
        for splitter in (self.splitter, self.texts, self.made):
            shown, name = self._parts_of(splitter)
            if len(shown) > 1:
                sizes = splitter.sizes()
                self._arrangement.keep_sizes(name, [sizes[at] for at in shown])

    def _on_arrange_requested(self) -> None:
        self._arrangement.put_beside(not self._arrangement.is_beside)

    def _on_arrangement_changed(self) -> None:
        # Of many documents only those in sight; others when they come.
        if self.isVisible():
            self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: the workspace may have changed since."""
        super().showEvent(event)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: half a window has no room for two texts side by side."""
        super().resizeEvent(event)
        self._arrange()

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
        document.objects.arguments_wanted.connect(self.constructor_bar.ask)
        self.constructor_bar.given.connect(document.objects.compile)
        self.constructor_bar.trace_wanted.connect(document.objects.propose_trace)
        self.constructor_bar.why_wanted.connect(document.objects.propose_why)
        document.objects.trace_proposed.connect(self._on_trace_proposed)
        document.objects.tracing_changed.connect(self._on_tracing_changed)
        document.diagnosis.changed.connect(self._on_diagnosis_changed)
        self.trace_bar.given.connect(document.objects.trace)
        self.trace_bar.why_given.connect(self._on_why_given)
        self.trace_bar.stopped.connect(document.objects.stop)
        document.problems_changed.connect(lambda: self.problems.show_problems(document.problems))
        self.problems.chosen.connect(document.show_problem)
        self.problems.show_problems(document.problems)
        document.selection.selection_changed.connect(self._on_selection_changed)
        self.record.closed.connect(self._on_record_closed)
        self.canvas.arrange_requested.connect(self._on_arrange_requested)
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
        self.empty.setVisible(bool(why))
        self._arrange()
        if why:
            sentence = f"{why}. {_TENSORS_ARE_IN_THE_TREE}"
            self.empty.show_empty("There is no code in this file", sentence, document.path, (_OPEN_ANOTHER,))

    def _on_method_shown(self) -> None:
        self.banner.hide()
        if not self.constructor_bar.field.hasFocus():
            self.constructor_bar.hide()
        self.trace_bar.leave()

    def _on_trace_proposed(self, proposed: TraceProposed) -> None:
        self.constructor_bar.hide()
        document, inputs = self._document, proposed.inputs
        if document.objects.wants_why:
            # Whether it can be compiled is no question here.
            self.banner.hide()
            inputs = document.diagnosis.with_last_inputs(proposed.name, inputs)
        self.trace_bar.ask(proposed.name, proposed.arguments, inputs, document.objects.wants_why)

    def _on_why_given(self, name: str, arguments: str, inputs: list[str]) -> None:
        """Ask why a trace differs, where the answer is to be seen."""
        self.banner.hide()
        self._document.objects.diagnose(name, arguments, inputs)
        self.comparison.show_own_trace()
        self.view_wanted.emit("comparison")

    def _on_diagnosis_changed(self) -> None:
        """Where nothing came out, for whatever reason, the inputs can be changed."""
        diagnosis = self._document.diagnosis
        if diagnosis.is_running:
            self.trace_bar.hide()
        elif diagnosis.row is None:
            self.trace_bar.come_back()

    def _on_tracing_changed(self) -> None:
        """Show that something is traced; what could not be leaves its inputs to be changed."""
        document = self._document
        if document.objects.tracing:
            self.banner.hide()
            self.trace_bar.show_tracing(document.objects.tracing)
        else:
            self.trace_bar.end(is_made=not document.objects.has_failed_to_trace(document.problems))

    def _on_source_changed(self) -> None:
        """Show the file beside what was made of it, from where the method begins when that is another one."""
        document = self._document
        self.code.set_compiled(document.source is not None)
        if document.source is None:
            return
        self.source.set_view(document.source, f"Source  ·  {document.source.title}")
        self._arrange()
        place = document.module_path, document.method
        if place != self._place_of_source:
            self._place_of_source = place
            self.source.editor.show_line(document.source_line)

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
            self._has_record, self._is_comparing = True, False
            self._arrange()
            if self._document.record_line:
                self.record.editor.show_line(self._document.record_line)
                self.record.editor.pick_line(self._document.record_line)

    def _on_pass_diff_shown(self) -> None:
        if self._document.pass_diff is not None:
            self.diff.show_diff(self._document.pass_diff)
            self._is_comparing = True
            self._arrange()

    def _on_pass_diff_closed(self) -> None:
        self._is_comparing = False
        self._arrange()

    def _on_record_closed(self) -> None:
        self._has_record = False
        self._arrange()

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
            self.view_wanted.emit("canvas")
            self._document.reveal(nodes[0])
