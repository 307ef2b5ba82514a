"""One open document, as the engine last told of it, and what can be asked about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from jitviewer.protocol import events, requests
from jitviewer.protocol.place import DocumentPlace
from jitviewer.protocol.rows import (
    CanvasView,
    InputRow,
    ProblemRow,
    StepRow,
    TextView,
    TreeRow,
)
from jitviewer.protocol.trust import TrustedContent
from jitviewer.ui.selection import SelectionModel
from jitviewer.ui.services.document_diagnosis import DocumentDiagnosis
from jitviewer.ui.services.document_objects import DocumentObjects
from jitviewer.ui.services.document_runs import DocumentRuns
from jitviewer.ui.services.line_nodes import compact
from jitviewer.ui.services.pass_history import PassHistory
from jitviewer.ui.services.place_history import PlaceHistory
from jitviewer.ui.services.stage_graph import StageGraph

_SCRUB_MS = 30
"""Pause before a step is asked for, so that dragging the scrubber asks for the last place only."""

_PYTHON = ".py"
"""How files end that are executed."""

FRAME_ORIGIN = "frame"
"""Origin of a selection that stands for a whole frame: no single node of it is inspected."""

STEP_ORIGIN = "step"
"""Origin of a selection that stands for the participants of a rewrite."""


class DocumentState(DocumentRuns):
    """A document of the window; every view of it reads from here.

    Attributes hold the last answer of each kind; `phase` is waiting, opening, asking (whether a Python file
    may be run: `asked_about` says what the person would trust), ready or failed. `diagnosis` is why a trace
    differs, `objects` what is made of those of a Python file. `stage` is the graph that it shows in the place
    of a file, whose name is the `path` then; None of files. `is_wanted` is whether the
    person asked for the file in this window: what only came back from last time was not asked for. What
    `DocumentRuns` knows it knows too.
    Signals: phase_changed, tree_changed, problems_changed, method_shown,
    method_failed(str), source_changed, code_changed, graph_changed,
    canvas_part_received(CanvasPart), canvas_changed, highlight_changed, observed_changed, steps_changed,
    inspected, record_shown, tensor_looked, name_explained(NameExplained), parseable_given(ParseableGiven),
    pass_diff_shown, pass_diff_gone, module_pointed_at(path), noticed(level, sentence), busy_changed(bool),
    answered(event): an answer of which nothing is kept here, for the view that asked
    """

    phase_changed = Signal()
    tree_changed = Signal()
    problems_changed = Signal()
    method_shown = Signal()
    method_failed = Signal(str)
    source_changed = Signal()
    code_changed = Signal()
    graph_changed = Signal()
    canvas_part_received = Signal(object)
    canvas_changed = Signal()
    highlight_changed = Signal()
    observed_changed = Signal()
    steps_changed = Signal()
    inspected = Signal()
    record_shown = Signal()
    tensor_looked = Signal()
    name_explained = Signal(object)
    parseable_given = Signal(object)
    pass_diff_shown = Signal()
    pass_diff_gone = Signal()
    module_pointed_at = Signal(str)
    noticed = Signal(str, str)
    answered = Signal(object)

    def __init__(
        self,
        number: int,
        path: str,
        send: Callable[[requests.Request], None],
        parent: QObject,
        stage: StageGraph | None = None,
    ) -> None:
        super().__init__(number, send, parent)
        self.path = path
        self.stage = stage
        self.stages = stage.stages if stage is not None else None
        self.phase = "waiting"
        self.failure = ""
        self.is_wanted = True
        self.asked_about: TrustedContent | None = None
        self.title = ""
        self.summary = ""
        self.why_no_program = ""
        self.tree: list[TreeRow] = []
        self.problems: list[ProblemRow] = []
        self.inputs: list[InputRow] = []
        self.more_inputs = 0
        self.passes_on: tuple[str, ...] = ()
        self.source: TextView | None = None
        self.source_line = 0
        self.code: TextView | None = None
        self.code_after_passes = self.code_is_original = False
        self.graph: TextView | None = None
        self.canvas: CanvasView | None = None
        self.anchor = ""
        self.canvas_is_new = True
        self._canvas_parts: list[events.CanvasPart] = []
        self.last_of_canvas: events.CanvasChanged | None = None
        self.highlight = events.FlowHighlighted(number, "", [], [])
        self.observed: dict[str, str] = {}
        self.steps: list[StepRow] = []
        self.position = 0
        self.inspection: events.Inspected | None = None
        self.record: TextView | None = None
        self.record_line = 0
        self.tensor: events.TensorLooked | None = None
        self.pass_diff: events.PassDiffShown | None = None
        self._diffed_pipeline: list[str] = []
        self.history = PassHistory()
        self.places = PlaceHistory()
        self._has_scrubbed = False
        self._wanted: DocumentPlace | None = None
        self.diagnosis = DocumentDiagnosis(number, self.ask, self)
        self.objects = DocumentObjects(number, self.ask, lambda: self.tree, self.diagnosis, self)
        self.selection = SelectionModel(self)
        self.selection.selection_changed.connect(self._on_selection_changed)
        self._scrub_timer = QTimer(self, singleShot=True, interval=_SCRUB_MS)
        self._scrub_timer.timeout.connect(self._on_scrub_timeout)
        self._handlers: dict[type[events.Event], Callable[..., None]] = {
            events.DocumentOpened: self._on_opened,
            events.DocumentFailed: self._on_failed,
            events.TrustWanted: self._on_trust_wanted,
            events.TreeChanged: self._on_tree_changed,
            events.ProblemsFound: self._on_problems_found,
            events.MethodShown: self._on_method_shown,
            events.MethodFailed: self._on_method_failed,
            events.TraceProposed: self.objects.trace_proposed.emit,
            events.SourceChanged: self._on_source_changed,
            events.CodeChanged: self._on_code_changed,
            events.GraphChanged: self._on_graph_changed,
            events.CanvasChanged: self._on_canvas_changed,
            events.CanvasPart: self._on_canvas_part,
            events.FlowHighlighted: self._on_flow_highlighted,
            events.ValuesObserved: self._on_values_observed,
            events.StepsChanged: self._on_steps_changed,
            events.Inspected: self._on_inspected,
            events.RecordShown: self._on_record_shown,
            events.DevicesListed: self._on_devices_listed,
            events.RunStarted: self._on_run_started,
            events.RunMoved: self._on_run_moved,
            events.RunDone: self._on_run_done,
            events.StagesDone: self._on_stages_done,
            events.RunStopped: self._on_run_stopped,
            events.ValueLooked: self._on_value_looked,
            events.TensorLooked: self._on_tensor_looked,
            events.NameExplained: self.name_explained.emit,
            events.ParseableGiven: self.parseable_given.emit,
            events.PassDiffShown: self._on_pass_diff_shown,
            events.DiagnosisMoved: self.diagnosis.take_moved,
            events.DiagnosisDone: self.diagnosis.take_done,
            events.DiagnosisStopped: self.diagnosis.take_stopped,
            events.Notice: self._on_notice,
        }

    # --- what can be asked ------------------------------------------------------------------

    def open(self) -> None:
        """Ask the engine to open the file, for the first time, or again with what was shown of it."""
        place = self.place()
        self.diagnosis.reopen()
        self._set_phase("opening")
        # What was shown before keeps its zoom and place.
        self.canvas_is_new = self.canvas is None
        # A Python file is asked about anew: whoever trusts it trusts what it held.
        self.asked_about = None
        if self.stage is not None:
            self.ask(requests.OpenGraph(self.number, self.path, self.stage.text, place))
        else:
            self.ask(requests.OpenDocument(self.number, self.path, place))

    def reload(self) -> None:
        """Open the file anew because it is another now: times of the old one are those of other nodes."""
        self.runs = []
        self.result = self.stopped = self.value = self.progress = None
        # The engine ends what runs of a document that it opens again, and says nothing of it.
        self.is_running = False
        if self.stage is None:
            self._drop_staged()
        self._take_times(None)
        self.selection.clear()
        self.run_changed.emit()
        self.open()

    def come_back_to(self, place: DocumentPlace) -> None:
        """Show this place when the file is opened for the first time."""
        self._wanted = place
        self.objects.come_back_to(place)

    def take_histories(self, other: DocumentState) -> None:
        """Go on with the ways back of a document that gives up its place to this one."""
        self.history, self.places = other.history, other.places

    def place(self) -> DocumentPlace | None:
        """What is shown now, or was to be shown; None for a document that was never shown."""
        if not self.method:
            return self._wanted
        is_last = self.position >= len(self.steps)
        items = self.canvas.items if self.canvas is not None else []
        opened = {item.id: item.is_open for item in items if item.is_open is not None}
        return DocumentPlace(
            self.module_path, self.method, list(self.passes_on), -1 if is_last else self.position,
            self.code_after_passes, opened, self.canvas is not None and self.canvas.shows_constants,
            self.canvas is not None and self.canvas.merges_repeats, self.code_is_original,
            dict(self.objects.arguments), dict(self.objects.traces),
        )  # fmt: skip

    def want(self) -> None:
        """The person asked for the file, whoever had it opened before."""
        if not self.is_wanted:
            self.is_wanted = True
            if self.phase == "asking":
                # What is trusted needs no question any more.
                self.phase_changed.emit()

    def trust(self) -> None:
        """Let the file be run as it was when that was asked, and open it."""
        found, place = self.asked_about, self.place()
        self.is_wanted = True
        if self.phase == "asking" and found is not None:
            self.asked_about = None
            self._set_phase("opening")
            self.ask(requests.OpenDocument(self.number, self.path, place, found))

    def show_scriptable(self, row: TreeRow) -> None:
        """Ask for the constructor arguments of a class of a Python file; one that takes none is compiled, or
        why that cannot be done is shown."""
        problem = next((problem for problem in self.problems if problem.subject == row.name), None)
        if row.parameters:
            self.objects.arguments_wanted.emit(row.name, row.parameters)
        elif problem is not None:
            self.show_problem(problem)
        else:
            self.objects.compile(row.name, "")

    @property
    def is_python(self) -> bool:
        """Whether the file is executed, and its objects can be traced."""
        return self.path.endswith(_PYTHON)

    @property
    def object_shown(self) -> str:
        """The object of a Python file that is shown; "" of other files, and before anything is."""
        if not self.is_python:
            return ""
        return self.module_path.partition(":")[0] or self.method

    def object_of(self, row: TreeRow) -> str:
        """The object of a Python file that a row of the tree belongs to; "" of other files."""
        if not self.is_python:
            return ""
        return row.path.partition(":")[0] or (row.name if not row.parent else "")

    def set_passes(self, passes: Sequence[str]) -> None:
        """Rewrite by these passes, in order."""
        if tuple(passes) != self.passes_on:
            self.history.changed(self.passes_on)
            self._rewrite(tuple(passes))

    def undo_passes(self) -> None:
        """Go back to the passes before the last change."""
        if self.history.can_undo:
            self._rewrite(self.history.undo(self.passes_on))

    def redo_passes(self) -> None:
        """Go forward to the passes that were given up last."""
        if self.history.can_redo:
            self._rewrite(self.history.redo(self.passes_on))

    def go_to_place(self, by: int) -> None:
        """Show the method that was shown before (-1), or the one that was gone back from (1)."""
        place = self.places.aim(by)
        if place is not None:
            self.show_method(*place)

    @property
    def place_name(self) -> str:
        """The shown method with its module, as the tree names them: `layer1.conv1.forward`."""
        # The module of an object in a Python file is written `Net:layer`.
        module = self.module_path.replace(":", ".").strip(".")
        if not module and any(row.kind == "module" and not row.path for row in self.tree):
            module = "(root)"
        return f"{module}.{self.method}" if module and self.method else self.method

    def _rewrite(self, passes: tuple[str, ...]) -> None:
        self.passes_on = passes
        self.ask(requests.SetPasses(self.number, list(passes)))
        self.steps_changed.emit()

    def go_to_step(self, position: int) -> None:
        """Show the graph after so many rewrites; quick changes are asked for once."""
        position = max(0, min(position, len(self.steps)))
        if position != self.position:
            self.position = position
            self._scrub_timer.start()

    # --- what the engine said ---------------------------------------------------------------

    def apply(self, event: events.Event) -> None:
        """Take in one event and tell the views."""
        was_busy = self.is_busy
        self._take_answer(event)
        self._handlers.get(type(event), self.answered.emit)(event)
        if was_busy and not self.is_busy:
            self.busy_changed.emit(False)

    def engine_lost(self) -> None:
        """The engine died: nothing that was asked will be answered."""
        self._forget_highlight()
        self._await_nothing()
        self.objects.end_tracing()
        self.diagnosis.lose()
        if self.is_running:
            self.is_running = False
            self._give_up_staged()
            sentence = "The run was lost because the engine stopped. Run again."
            self.stopped = events.RunStopped(self.number, "died", sentence, "", -1)
            self.run_changed.emit()

    def fail(self, sentence: str) -> None:
        """Show that the document cannot be opened."""
        self.failure = sentence
        self.objects.end_tracing()
        self._set_phase("failed")

    def _set_phase(self, phase: str) -> None:
        self.phase = phase
        self.phase_changed.emit()

    def describe(self, inspection: events.Inspected) -> None:
        """Show facts that the window knows by itself, such as those of a frame."""
        self.inspection = inspection
        self.tensor = None
        self.inspected.emit()

    def _on_selection_changed(self, nodes: tuple[int, ...], origin: str) -> None:
        if nodes and origin != FRAME_ORIGIN:
            # The first node of a line of code is the outermost: the one whose value the line gives.
            self.ask(requests.InspectNode(self.number, nodes[0]))

    def _on_scrub_timeout(self) -> None:
        self._has_scrubbed = True
        self.ask(requests.GoToStep(self.number, self.position))

    def _on_opened(self, event: events.DocumentOpened) -> None:
        self.title, self.summary, self.tree = event.title, event.summary, event.tree
        self.why_no_program = event.why_no_program
        self._set_phase("ready")

    def _on_failed(self, event: events.DocumentFailed) -> None:
        self.fail(event.sentence)

    def _on_trust_wanted(self, event: events.TrustWanted) -> None:
        self.asked_about = event.found
        self._set_phase("asking")

    def _on_tree_changed(self, event: events.TreeChanged) -> None:
        self.tree = event.tree
        self.tree_changed.emit()

    def _on_problems_found(self, event: events.ProblemsFound) -> None:
        self.problems = event.problems
        self.problems_changed.emit()
        self.objects.look_for_trace()

    def _on_method_shown(self, event: events.MethodShown) -> None:
        is_other = (event.module_path, event.method) != (self.module_path, self.method)
        if is_other and self.method:
            self.places.moved((self.module_path, self.method), (event.module_path, event.method))
        self.module_path, self.method = event.module_path, event.method
        self.inputs, self.more_inputs = event.inputs, event.more_inputs
        self._take_passes(event.passes)
        if is_other:
            self.canvas_is_new = True
            self.stopped = self.value = None
            if self.stage is None:
                self._drop_staged()
            self.result = next(reversed(self.runs_of_method()), None)
            self.selection.clear()
            self._forget_highlight()
        self.method_shown.emit()
        if is_other:
            self._fit_times()
            self.run_changed.emit()

    def _take_passes(self, passes: Sequence[str]) -> None:
        """Believe the engine about the pipeline, unless a newer one was asked for since."""
        if not self._awaits(requests.SetPasses):
            self.passes_on = tuple(passes)

    def _on_method_failed(self, event: events.MethodFailed) -> None:
        self.places.give_up()
        self.objects.fail(event.method)
        self.method_failed.emit(event.sentence)

    def _on_source_changed(self, event: events.SourceChanged) -> None:
        self.source, self.source_line = compact(event.view), event.line
        self.source_changed.emit()

    def _on_code_changed(self, event: events.CodeChanged) -> None:
        self.code, self.code_after_passes = compact(event.view), event.after_passes
        self.code_is_original = event.is_original
        self.code_changed.emit()

    def _on_graph_changed(self, event: events.GraphChanged) -> None:
        self.graph = compact(event.view)
        self.graph_changed.emit()

    def _on_canvas_part(self, event: events.CanvasPart) -> None:
        if not event.number:
            self._canvas_parts.clear()
        self._canvas_parts.append(event)
        self.canvas_part_received.emit(event)

    def _on_canvas_changed(self, event: events.CanvasChanged) -> None:
        parts, self._canvas_parts = self._canvas_parts, []
        self.canvas, self.anchor = event.view, event.anchor
        self.last_of_canvas = event
        if event.parts:
            self.canvas = replace(
                event.view,
                items=[*(item for part in parts for item in part.items), *event.view.items],
                edges=[*(edge for part in parts for edge in part.edges), *event.view.edges],
            )
        self.canvas_changed.emit()
        self.canvas_is_new = False
        if self._has_scrubbed and not self._awaits(requests.GoToStep):
            self._has_scrubbed = False
            self._select_participants()

    def _select_participants(self) -> None:
        """Select what the last rewrite made, changed or matched, and nothing else."""
        step = self.steps[self.position - 1] if 0 < self.position <= len(self.steps) else None
        if step is None or self.graph is None:
            self.selection.clear(STEP_ORIGIN)
            return
        present = {node for nodes in self.graph.line_nodes for node in nodes}
        wanted = dict.fromkeys([*step.made, *step.changed, *step.matched])
        nodes = [node for node in wanted if node in present]
        if tuple(nodes) == self.selection.nodes:
            # The same as before may stand elsewhere now: views are to show it again.
            self.selection.clear(STEP_ORIGIN)
        self.selection.select(nodes, STEP_ORIGIN)

    def _on_steps_changed(self, event: events.StepsChanged) -> None:
        self.reports, self.steps, self.position = event.reports, event.steps, event.position
        self._take_passes([report.name for report in event.reports])
        shown = self.pass_diff
        if shown is not None and [report.name for report in event.reports] != self._diffed_pipeline:
            # It would say what a pass of another pipeline did.
            self.pass_diff = None
            self.pass_diff_gone.emit()
        self.steps_changed.emit()
        self._fit_times()

    def _forget_highlight(self) -> None:
        """What was highlighted belonged to another graph, or to an engine that is gone."""
        if self.highlight.sentence:
            self._on_flow_highlighted(events.FlowHighlighted(self.number, "", [], []))

    def _on_flow_highlighted(self, event: events.FlowHighlighted) -> None:
        self.highlight = event
        self.highlight_changed.emit()

    def _on_values_observed(self, event: events.ValuesObserved) -> None:
        if event.types != self.observed:
            self.observed = event.types
            self.observed_changed.emit()

    def _on_inspected(self, event: events.Inspected) -> None:
        self.inspection = event
        self.tensor = None
        self.inspected.emit()
        if event.tensor:
            self.look_at_tensor(event.tensor)

    def _on_record_shown(self, event: events.RecordShown) -> None:
        self.record, self.record_line = compact(event.view), event.line
        self.record_shown.emit()

    def _on_pass_diff_shown(self, event: events.PassDiffShown) -> None:
        self.pass_diff = event
        self._diffed_pipeline = [report.name for report in self.reports]
        self.pass_diff_shown.emit()

    def _on_tensor_looked(self, event: events.TensorLooked) -> None:
        self.tensor = event
        self.tensor_looked.emit()

    def _on_notice(self, event: events.Notice) -> None:
        self.noticed.emit(event.level, event.sentence)
