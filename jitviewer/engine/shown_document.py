"""One open document: what is shown of it, and the events that each request leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from jitcore.archive import LazyTensor
from jitcore.ir import Function, ScriptObject
from jitcore.passes import Evaluator, is_spec, name_of_spec
from jitcore.source import JitError
from jitviewer.engine.answering import answers
from jitviewer.engine.bounded import bounded_facts, bounded_view
from jitviewer.engine.canvas import Asked, Canvas, highlight
from jitviewer.engine.code_rows import line_of
from jitviewer.engine.document import Document, source_of
from jitviewer.engine.explaining import explain
from jitviewer.engine.failures import sentence_of
from jitviewer.engine.input_proposals import bounded_inputs, propose_inputs
from jitviewer.engine.input_proposals.observed_inputs import as_observed, inputs_of_modules
from jitviewer.engine.input_proposals.types_for_passes import ASKING, FilledPasses, fill_passes
from jitviewer.engine.inspection import find_node, node_facts, row_facts, tensor_of_row
from jitviewer.engine.observed_types import ObservedTypes, values_of
from jitviewer.engine.original_source import original_view
from jitviewer.engine.parseable import parseable_text
from jitviewer.engine.pass_diff import pass_diff
from jitviewer.engine.presets import DEFAULT_PASSES
from jitviewer.engine.rewriting import Rewriting
from jitviewer.engine.runs import told_place
from jitviewer.engine.saved_code import fault_of
from jitviewer.engine.tensor_looks import kept_as
from jitviewer.engine.tensor_names import TensorNames
from jitviewer.engine.texts import graph_view, rewritten_code_view, saved_code_view
from jitviewer.engine.tree_rows import bounded_tree, tree_rows
from jitviewer.launching.surroundings import File
from jitviewer.protocol import events, requests
from jitviewer.protocol.bounds import DETAIL, NAME, PASSES, SENTENCE, TEXT, cut
from jitviewer.protocol.place import DocumentPlace
from jitviewer.protocol.rows import Fact, TextView, TreeRow
from jitviewer.protocol.runner_messages import RunResult

PART = 1000
"""Items, and edges, of a canvas in one message: the window takes in one at a time and stays responsive."""


class RunTarget(NamedTuple):
    """Archive, module and method, and whether the graphs in it are run that were compiled."""

    file: File
    module_path: str
    method: str
    is_compiled: bool = False


class ShownDocument:
    """State of one document. Each method answers one request with events; errors are `JitError`s."""

    def __init__(self, number: int, path: str, evaluate: Evaluator | None) -> None:
        self.number = number
        self.path = path
        self._evaluate = evaluate
        self._document: Document | None = None
        self._rows: list[TreeRow] = []
        self._names: TensorNames | None = None
        self._rewriting: Rewriting | None = None
        self._canvas = Canvas()
        self._highlighted: Asked | None = None
        self._marks: dict[int, str] = {}
        self._code_after_passes = self._code_is_original = False
        self._observed = ObservedTypes()
        self._observed_of: tuple[str, str, list[str]] = ("", "", [])
        self._inputs_of_modules: dict[str, str] = {}
        self._filled: list[str] = []
        self.module_path = ""
        self.method = ""
        self.passes: tuple[str, ...] = DEFAULT_PASSES
        self.inputs_left_out: list[str] = []

    @property
    def applied_passes(self) -> list[str]:
        """The passes that made the shown graph: those that are switched on and could run."""
        return list(self._rewriting.applied) if self._rewriting is not None else list(self.passes)

    @property
    def observed(self) -> ObservedTypes:
        """Types of values in the last run, of whichever step of the shown pipeline; none if another
        method or pipeline was run."""
        is_shown = self._observed_of == (self.module_path, self.method, self.applied_passes)
        return self._observed if is_shown else ObservedTypes()

    def close(self) -> None:
        """Give the file up."""
        if self._document is not None:
            self._document.close()
            self._document = self._names = None

    def open(self, place: DocumentPlace | None = None) -> Iterator[events.Event]:
        """Open the file and show a place in it, or its first method if it has no such place."""
        document = Document.open(self.path)
        self._document = document
        self._rows = bounded_tree(tree_rows(document))
        summary = cut(document.summary, SENTENCE)
        why_no_program = cut(document.tensors.advice, SENTENCE) if document.tensors is not None else ""
        yield events.DocumentOpened(
            self.number, self.path, document.title, summary, self._rows, why_no_program
        )
        if document.tensors is None:
            yield from self._show_first(place)

    def _show_first(self, place: DocumentPlace | None) -> Iterator[events.Event]:
        """Show a place in what was opened, or its first method."""
        document = self._opened()
        if place is not None:
            shown = list(self._show_place(place))
            yield from shown
            if not any(isinstance(event, events.MethodFailed) for event in shown):
                return
        first = document.first_method()
        if first is None:
            yield events.MethodFailed(
                self.number, "", "", f"{document.title} has no methods: there is no code to show."
            )
            return
        yield from self.show(*first)

    def _show_place(self, place: DocumentPlace) -> Iterator[events.Event]:
        # A place may be of another version of the program.
        self.passes = tuple(spec for spec in place.passes[:PASSES] if is_spec(spec))
        self._code_after_passes = place.code_after_passes
        self._code_is_original = place.code_is_original
        yield from self.show(place.module_path, place.method, place)
        if self._rewriting is None:
            self.passes, self._code_after_passes, self._code_is_original = DEFAULT_PASSES, False, False
        elif 0 <= place.position < len(self._rewriting.journal.steps):
            yield from self.go_to(place.position)

    @property
    def run_target(self) -> RunTarget:
        """What a run of the shown method loads."""
        return RunTarget(self._opened().file, self.module_path, self.method)

    @answers(requests.ShowMethod)
    def show(
        self, module_path: str, method: str, place: DocumentPlace | None = None
    ) -> Iterator[events.Event]:
        """Show another method; the views keep what they had if it cannot be compiled.

        `place` says what the canvas looks like; without one it gets a default.
        """
        yield from self._show(self._opened(), (module_path, method), (module_path, method), place)

    def _show(
        self,
        document: Document,
        inner: tuple[str, str],
        outer: tuple[str, str],
        place: DocumentPlace | None = None,
    ) -> Iterator[events.Event]:
        """Show the method `inner` of `document`, which the window knows as `outer`."""
        module_path, method = inner
        try:
            function, receiver = document.find(module_path, method)
            # Types that were put in for another method's inputs say nothing of this one's.
            asked = [ASKING if spec in self._filled else spec for spec in self.passes]
            passes, said = self._fill(asked, function, receiver, outer)
            rewriting = Rewriting(function, passes, self._evaluate, receiver)
        except (JitError, RecursionError, MemoryError) as error:
            subject = f"{document.title}: {method}"
            yield events.MethodFailed(self.number, *told_place(*outer), sentence_of(error, subject))
            fault = fault_of(document, error)
            if fault is not None:
                # What was saved can be read all the same.
                yield from self._record_shown(document, fault.record, fault.line)
            return
        self._rewriting = rewriting
        self.passes = tuple(passes)
        self.module_path, self.method = outer
        self._marks = {}
        self._canvas.reset()
        self._highlighted = None
        if place is not None:
            self._canvas.restore(place)
        module = document.find_module(module_path) if document.module else None
        inlined = rewriting.graph if rewriting.applied == ("inline",) else None
        proposed = propose_inputs(function, module, inlined)
        if method == "forward" and outer[0] in self._inputs_of_modules:
            proposed = as_observed(proposed, self._inputs_of_modules[outer[0]])
        inputs, self.inputs_left_out = bounded_inputs(proposed)
        left_out = len(self.inputs_left_out)
        yield events.MethodShown(self.number, *told_place(*outer), inputs, list(self.passes), left_out)
        if said:
            yield events.Notice(self.number, "info", said)
        yield from self._failed_passes()
        yield from self._views(anchor="")

    @answers(requests.SetPasses)
    def set_passes(self, passes: list[str]) -> Iterator[events.Event]:
        """Rewrite the method anew; what the passes switched on did is marked."""
        before = set(self.passes)
        shown = self._shown()
        if len(passes) > PASSES:
            raise JitError(f"a pipeline of {len(passes):,} passes is too long: give {PASSES:,} at most")
        place = (self.module_path, self.method)
        passes, said = self._fill(passes, shown.function, shown.receiver, place)
        rewriting = Rewriting(shown.function, passes, self._evaluate, shown.receiver)
        self.passes = tuple(passes)
        self._rewriting = rewriting
        self._marks = {}
        for spec in passes:
            if spec not in before and spec != "inline":
                self._marks.update(rewriting.marks_of_pass(name_of_spec(spec)))
        if said:
            yield events.Notice(self.number, "info", said)
        yield from self._failed_passes()
        yield from self._views(anchor="")

    @answers(requests.GoToStep)
    def go_to(self, position: int) -> Iterator[events.Event]:
        """Show the graph after `position` rewrites, the last of them marked."""
        rewriting = self._shown()
        steps = len(rewriting.journal.steps)
        position = max(0, min(position, steps))
        rewriting.journal.go_to(position)
        self._marks = rewriting.marks_of_step(position - 1) if position else {}
        yield from self._views(anchor="")

    @answers(requests.ShowPassDiff)
    def show_pass_diff(self, name: str) -> Iterator[events.Event]:
        """What a pass did to the text."""
        before, after, groups = pass_diff(self._shown(), name)
        yield events.PassDiffShown(self.number, name, bounded_view(before), bounded_view(after), groups)

    @answers(requests.SetCodeForm)
    def set_code_form(self, after_passes: bool, is_original: bool = False) -> Iterator[events.Event]:
        """Show the code as saved, of the rewritten graph, or the Python that it was made from."""
        self._code_after_passes, self._code_is_original = after_passes, is_original
        yield self._code_event()

    @answers(requests.ExplainName)
    def explain(self, word: str, nodes: list[int]) -> Iterator[events.Event]:
        """What a word of a text means."""
        rewriting = self._shown()
        original = rewriting.function.graph
        title, facts = explain(word, nodes, rewriting.graph, original, self.observed)
        yield events.NameExplained(self.number, cut(word, NAME), cut(title, NAME), bounded_facts(facts))

    @answers(requests.AskParseable)
    def give_parseable(self) -> Iterator[events.Event]:
        """The shown graph as text for torch's parser."""
        rewriting = self._shown()
        text, changes = parseable_text(rewriting.graph, rewriting.function)
        if len(text) > TEXT:
            raise JitError(f"the text has {len(text):,} characters; no more than {TEXT:,} are copied")
        yield events.ParseableGiven(self.number, text, cut(changes, SENTENCE))

    @answers(requests.ToggleItem)
    def toggle(self, item: str, is_open: bool) -> Iterator[events.Event]:
        """Open or close a container of the canvas."""
        self._canvas.toggle(item, is_open)
        yield from self._canvas_events(item)

    @answers(requests.SetAllItems)
    def toggle_all(self, is_open: bool) -> Iterator[events.Event]:
        """Open or close every container of the canvas."""
        self._canvas.set_all(is_open)
        yield from self._canvas_events("")

    @answers(requests.ChooseCanvas)
    def choose_canvas(self, shows_constants: bool, merges_repeats: bool) -> Iterator[events.Event]:
        """Show or fold constants, and equal parts."""
        self._canvas.choose(shows_constants, merges_repeats)
        yield from self._canvas_events("")

    @answers(requests.ShowConstants)
    def show_constants(self, item: str, is_shown: bool) -> Iterator[events.Event]:
        """Show or fold the constants of one node."""
        self._canvas.show_constants_of(item, is_shown)
        yield from self._canvas_events(item)

    @answers(requests.UnrollItem)
    def unroll(self, item: str) -> Iterator[events.Event]:
        """Show every part of a repeat."""
        self._canvas.unroll(item)
        yield from self._canvas_events(item.removesuffix("*"))

    @answers(requests.HighlightFlow)
    def highlight(self, kind: str, item: str, other: str) -> Iterator[events.Event]:
        """Highlight a flow of data on the canvas, or nothing."""
        self._highlighted = Asked(kind, item, other) if item else None
        yield self._highlight_event()

    @answers(requests.RevealNode)
    def reveal(self, node_id: int) -> Iterator[events.Event]:
        """Open whatever hides a node on the canvas."""
        item = self._canvas.reveal(node_id)
        yield from self._canvas_events(item)

    @answers(requests.InspectNode)
    def inspect_node(self, node_id: int) -> Iterator[events.Event]:
        """Facts on a node of the shown graph."""
        node = find_node(self._shown().graph, node_id)
        if node is None:
            raise JitError(f"node #{node_id} is not in the graph as it is shown now")
        facts = node_facts(node, self._tensor_names(), self.module_path)
        title = f"{cut(node.kind, NAME)} #{node.id}"
        yield events.Inspected(self.number, title, node_id, bounded_facts(facts))

    @answers(requests.InspectTreeRow)
    def inspect_row(self, row: int) -> Iterator[events.Event]:
        """Facts on a line of the tree."""
        if not 1 <= row <= len(self._rows):
            raise JitError(f"the tree has no line {row}")
        found = self._rows[row - 1]
        names = self._names_in(found.path)
        tensor = tensor_of_row(found, names) if names is not None else ""
        if names is not None and tensor:
            facts = names.facts(tensor, names.find(tensor))
        else:
            facts = self._row_facts(found)
        yield events.Inspected(self.number, found.name, -1, bounded_facts(facts), tensor)

    def find_tensor(self, name: str) -> tuple[LazyTensor, list[Fact]]:
        """A tensor of the archive or a constant of the shown graph, and how its elements are told."""
        if not name.startswith("#"):
            names = self._names_in(name)
            tensor = names.find(name) if names is not None else None
        else:
            node = find_node(self._shown().graph, int(name[1:])) if name[1:].isdecimal() else None
            tensor = node.attributes.get("value") if node is not None else None
        if not isinstance(tensor, LazyTensor):
            raise JitError(f"{name} is no tensor of the graph as it is shown now")
        told = kept_as(tensor)
        return tensor, [Fact("Statistics", "elements are", told)] if told else []

    @answers(requests.ShowRecord)
    def show_record(self, record: str, name: str = "") -> Iterator[events.Event]:
        """A record as text, or as a hex dump."""
        document = self._opened()
        line = max(0, line_of(source_of(document, record).text, name)) if name else 0
        yield from self._record_shown(document, record, line)

    def _record_shown(self, document: Document, record: str, line: int) -> Iterator[events.Event]:
        source = source_of(document, record)
        language = "code" if record.endswith(".py") else "source"
        view = bounded_view(TextView(record, language, source.text, [], {}))
        yield events.RecordShown(self.number, view, line)

    def observe(self, place: tuple[str, str], passes: list[str], result: RunResult) -> Iterator[events.Event]:
        """Take in what a run of the method at `place` observed."""
        self._observed = ObservedTypes(result.times, result.input_types)
        self._observed_of = (*place, passes)
        if self.observed and place[0] == "":
            self._inputs_of_modules = inputs_of_modules(self._shown().graph, self._observed)
        yield self._observed_event()

    def find_value(self, name: str, node_id: int, index: int) -> tuple[str, int, int, str]:
        """Where a value of the last run comes from: its name, node (-1: an input of the graph) and place
        among the outputs; and why it cannot be looked at, "" if it can."""
        if not self.observed:
            return name, node_id, index, "This graph was not run yet. Run it to look at its values."
        graph = self._shown().graph
        if name:
            plain = name.removeprefix("%")
            # A name that was cut when it was told still leads to its value.
            value = next(
                (v for v in values_of(graph) if plain in (v.name, cut(f"%{v.name}", NAME)[1:])), None
            )
        else:
            node = find_node(graph, node_id)
            value = node.outputs[index] if node is not None and index < len(node.outputs) else None
        if value is None:
            return cut(name, NAME), node_id, index, "The graph as it is shown now has no such value."
        shown = cut(f"%{value.name}", NAME)
        if value.node.kind == "prim::Param":
            if value in graph.inputs:
                return shown, -1, value.offset, ""
            why = "The inputs of a block are not kept; look at the values that are given to it."
            return shown, value.node.id, value.offset, why
        return shown, value.node.id, value.offset, ""

    # --- views ---------------------------------------------------------------------------------

    def _views(self, anchor: str) -> Iterator[events.Event]:
        rewriting = self._shown()
        yield self._code_event()
        yield events.GraphChanged(self.number, bounded_view(graph_view(rewriting, self._marks)))
        steps = rewriting.step_rows()
        position = min(rewriting.journal.position, len(steps))
        yield events.StepsChanged(self.number, rewriting.report_rows(len(steps)), steps, position)
        self._canvas.show(rewriting.graph)
        yield self._observed_event()
        yield from self._canvas_events(anchor)

    def _fill(
        self,
        passes: Sequence[str],
        function: Function,
        receiver: ScriptObject | None,
        place: tuple[str, str],
    ) -> FilledPasses:
        """The passes with types of inputs where they ask for what is proposed, or was run at the place."""
        observed = self._observed.inputs if self._observed_of[:2] == place else []
        filled = fill_passes(passes, function, receiver, observed)
        self._filled += [made for made, asked in zip(filled.passes, passes, strict=True) if made != asked]
        return filled

    def _failed_passes(self) -> Iterator[events.Event]:
        for name, sentence in self._shown().failures.items():
            said = f"{name} cannot rewrite {cut(self.method, NAME)} and was left out: {sentence}"
            yield events.Notice(self.number, "warning", cut(said, SENTENCE))

    def _code_event(self) -> events.CodeChanged:
        rewriting = self._shown()
        if self._code_is_original:
            original = bounded_view(original_view(rewriting.graph))
            return events.CodeChanged(self.number, original, False, is_original=True)
        after = self._code_after_passes
        view = rewritten_code_view(rewriting, self._marks) if after else saved_code_view(rewriting)
        return events.CodeChanged(self.number, bounded_view(view), after)

    def _canvas_events(self, anchor: str) -> Iterator[events.Event]:
        """The picture, in parts if it is large, and what is highlighted on it."""
        view = self._canvas.draw(self._marks)
        items, edges = view.items, view.edges
        parts = 0
        while len(items) > PART or len(edges) > PART:
            yield events.CanvasPart(self.number, parts, items[:PART], edges[:PART])
            items, edges = items[PART:], edges[PART:]
            parts += 1
        yield events.CanvasChanged(self.number, replace(view, items=items, edges=edges), anchor, parts)
        if self._highlighted is not None:
            yield self._highlight_event()

    def _highlight_event(self) -> events.FlowHighlighted:
        found = highlight(self._canvas, self._highlighted) if self._highlighted is not None else None
        if found is None:
            self._highlighted = None
            return events.FlowHighlighted(self.number, "", [], [])
        return events.FlowHighlighted(self.number, cut(found.sentence, SENTENCE), found.items, found.edges)

    def _observed_event(self) -> events.ValuesObserved:
        types = self.observed.by_name(self._shown().graph) if self.observed else {}
        shown = {cut(f"%{name}", NAME): cut(text, DETAIL) for name, text in types.items()}
        return events.ValuesObserved(self.number, shown)

    def _tensor_names(self) -> TensorNames:
        if self._names is None:
            self._names = TensorNames(self._opened())
        return self._names

    def _names_in(self, place: str) -> TensorNames | None:
        """Names of the tensors of the object that a place is in, of which an archive is one."""
        return self._tensor_names()

    def _row_facts(self, row: TreeRow) -> list[Fact]:
        return row_facts(row, self._opened())

    def _opened(self) -> Document:
        if self._document is None:
            raise JitError(f"{self.path} is not open")
        return self._document

    def _shown(self) -> Rewriting:
        if self._document is not None and self._document.tensors is not None:
            raise JitError(self._document.tensors.advice)
        if self._rewriting is None:
            raise JitError(f"{self.path}: no method is shown; choose one in the tree")
        return self._rewriting
