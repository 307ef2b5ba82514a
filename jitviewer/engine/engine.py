"""The engine's loop: requests from the window and news from the runner, one after the other."""

from __future__ import annotations

import gc
import os
import queue
import threading
from collections.abc import Callable

from msgspec import structs

import jitviewer
from jitcore.requests.program_name import PYTHON
from jitcore.source import JitError
from jitviewer.engine.answering import answer
from jitviewer.engine.comparisons import ComparisonNews, Comparisons, told_apart
from jitviewer.engine.diagnoses import Diagnoses, DiagnosisNews
from jitviewer.engine.evaluation import RemoteEvaluator
from jitviewer.engine.failures import sentence_of
from jitviewer.engine.pass_examples import example_row
from jitviewer.engine.presets import preset_rows
from jitviewer.engine.rewriting import pass_rows
from jitviewer.engine.runner_link import RunnerLink, RunnerNews
from jitviewer.engine.runs import RunOverdue, Runs, told_place
from jitviewer.engine.scripts import Script, ScriptNews, content_of, open_script
from jitviewer.engine.shown_document import RunTarget, ShownDocument
from jitviewer.engine.shown_graph import ShownGraph
from jitviewer.engine.tensor_looks import TensorLooks, TensorPlace
from jitviewer.free_memory import give_back
from jitviewer.launching.processes import PREFIX_VARIABLE
from jitviewer.launching.surroundings import surroundings
from jitviewer.protocol import events, requests
from jitviewer.protocol.bounds import NAME, cut
from jitviewer.protocol.comparison_messages import CompareRuns
from jitviewer.protocol.place import DocumentPlace
from jitviewer.protocol.runner_messages import RunRequest, RunResult
from jitviewer.protocol.stage_rows import StagedInputs
from jitviewer.protocol.trust import TrustedContent


class _Ended:
    """The window closed its end of the pipe."""


_ENDED = _Ended()
_Item = requests.Request | RunnerNews | RunOverdue | ComparisonNews | DiagnosisNews | ScriptNews | _Ended
KEPT_BYTES = 1 << 30
"""What the values of the last run may take in the runner."""
_MEMORY_ADVICE = "allow more in the settings, under Memory of a run"
"""The window's own words, which name the field of its page of settings."""


def _ready() -> events.EngineReady:
    confinement = surroundings().confinement
    unconfined = confinement.missing
    prefix = os.environ.get(PREFIX_VARIABLE)
    if prefix:
        unconfined = (
            f"Runs are started by '{prefix}', perhaps on another machine: what runs there can read and write "
            "the files of whoever it runs as."
        )
    version = jitviewer.__version__
    return events.EngineReady(0, pass_rows(), version, preset_rows(), confinement.described, unconfined)


class Engine:
    """The open documents by number, and the runner they share.

    `post` may be called from any thread; `run` handles what was posted until `end` is called.
    Events go to `emit`, which must be safe to call from the engine's thread.
    """

    def __init__(self, emit: Callable[[events.Event], None]) -> None:
        self._lock = threading.Lock()
        self._write = emit
        self._emit = self._emit_alone
        self._inbox: queue.SimpleQueue[_Item] = queue.SimpleQueue()
        self._held: list[_Item] = []
        self._documents: dict[int, ShownDocument] = {}
        self._scripts: dict[int, Script] = {}
        self._link = RunnerLink(self._inbox.put)
        self._evaluate = RemoteEvaluator()
        self._has_garbage = self._has_closed = False
        self._runs = Runs(self._link, self._emit, self._take_result, self._inbox.put)
        self._comparisons = Comparisons(self._emit, self._inbox.put)
        self._diagnoses = Diagnoses(self._emit, self._inbox.put)
        self._tensors = TensorLooks(self._emit)

    def _emit_alone(self, event: events.Event) -> None:
        # Statistics of tensors are told by a thread of their own.
        with self._lock:
            self._write(event)

    def post(self, request: requests.Request) -> None:
        """Queue a request."""
        self._inbox.put(request)

    def tell_alive(self) -> None:
        """Say that the process lives; from any thread, while `run` may be busy for long."""
        self._emit(events.Alive(0))

    def end(self) -> None:
        """Let `run` return after what was posted before."""
        self._inbox.put(_ENDED)

    def run(self) -> None:
        """Handle requests and news until `end`; then end the runner."""
        self._emit(_ready())
        try:
            while True:
                item = self._take()
                if isinstance(item, _Ended):
                    return
                if isinstance(item, requests.Request):
                    if isinstance(item, requests.OpenDocument | requests.OpenGraph) and self._has_closed:
                        # There may be no room for both what was closed and what is opened.
                        self._free()
                    self._handle(item)
                    self._tidy_after(item)
                elif isinstance(item, ComparisonNews):
                    self._comparisons.handle(item)
                elif isinstance(item, DiagnosisNews):
                    self._diagnoses.handle(item)
                elif isinstance(item, ScriptNews):
                    self._take_script_news(item)
                else:
                    self._runs.handle(item)
        finally:
            self._runs.close()
            self._comparisons.close()
            self._diagnoses.close()
            self._link.kill()
            self._tensors.close()
            self._evaluate.close()
            for script in self._scripts.values():
                script.close()
            for shown in self._documents.values():
                shown.close()

    def _tidy_after(self, request: requests.Request) -> None:
        """Free what requests gave up, once nobody waits for an answer."""
        self._has_garbage = self._has_garbage or request.leaves_garbage
        self._has_closed = self._has_closed or isinstance(request, requests.CloseDocument)
        if self._is_idle():
            self._free()

    def _free(self) -> None:
        if self._has_closed:
            give_back()
        elif self._has_garbage:
            gc.collect()
        self._has_garbage = self._has_closed = False

    def _is_idle(self) -> bool:
        return not self._held and self._inbox.empty()

    def _take(self) -> _Item:
        """The next item, leaving out requests that a later one of the same document makes pointless."""
        while True:
            while not self._inbox.empty():
                self._held.append(self._inbox.get())
            if not self._held:
                self._held.append(self._inbox.get())
                continue
            item = self._held.pop(0)
            if not isinstance(item, requests.Request) or not self._is_superseded(item):
                return item

    def _is_superseded(self, request: requests.Request) -> bool:
        return request.is_superseded and any(
            isinstance(later, type(request)) and later.document == request.document for later in self._held
        )

    def _handle(self, request: requests.Request) -> None:
        self._evaluate.begin()
        try:
            self._answer(request)
        except BrokenPipeError:
            # The window is gone; there is nobody to answer.
            raise
        except Exception as error:  # noqa: BLE001  # the one place that keeps the other documents alive
            # Whatever went wrong in one request, the documents stay as they are and the next is answered.
            self._report(request, error)

    def _report(self, request: requests.Request, error: Exception) -> None:
        number = request.document
        shown = self._documents.get(number)
        if isinstance(request, requests.OpenDocument | requests.OpenGraph):
            path = request.path if isinstance(request, requests.OpenDocument) else request.title
            sentence = sentence_of(error, path)
            if shown is None:
                self._emit(events.DocumentFailed(number, path, sentence))
            else:
                # The file is open and its tree shown; it is the method that failed.
                self._emit(events.MethodFailed(number, "", "", sentence))
        elif isinstance(request, requests.ShowMethod):
            sentence = sentence_of(error, request.method)
            self._emit(
                events.MethodFailed(number, *told_place(request.module_path, request.method), sentence)
            )
        elif isinstance(request, requests.AskPassExample):
            name = cut(request.name, NAME)
            self._emit(events.PassExampleGiven(number, name, None, sentence_of(error, name)))
        else:
            subject = shown.path if shown is not None else type(request).__name__
            self._emit(events.Notice(number, "error", sentence_of(error, subject)))

    def _answer(self, request: requests.Request) -> None:
        number = request.document
        match request:
            case requests.OpenDocument(path=path, place=place, trusted=trusted):
                if path.endswith(PYTHON):
                    self._open_script(number, path, place, trusted)
                else:
                    self._open(ShownDocument(number, path, self._evaluate), place)
            case requests.OpenGraph(title=title, text=text, place=place):
                self._open(ShownGraph(number, title, text, self._evaluate), place)
            case requests.CompileObject(name=name, arguments=arguments):
                script = self._scripts.get(number)
                if script is not None:
                    script.compile(name, arguments)
            case requests.TraceObject(name=name, arguments=arguments, inputs=inputs):
                script = self._scripts.get(number)
                if script is not None:
                    for event in script.trace(name, arguments, inputs):
                        self._emit(event)
            case requests.ProposeTrace(name=name, arguments=arguments):
                script = self._scripts.get(number)
                if script is not None:
                    script.propose(name, arguments)
            case requests.StopObject():
                script = self._scripts.get(number)
                if script is not None:
                    for event in script.stop():
                        self._emit(event)
            case requests.DiagnoseObject():
                self._diagnose(request)
            case requests.CancelDiagnosis():
                self._diagnoses.cancel(number)
            case requests.CloseDocument():
                self._close(number)
            case requests.Run():
                self._run(request)
            case requests.RunStages():
                self._run_stages(request)
            case requests.CompareDocuments():
                self._compare(request)
            case requests.CancelComparison():
                self._comparisons.cancel(number)
            case requests.CancelRun():
                self._runs.cancel(number)
            case requests.LookAtValue():
                self._look(request)
            case requests.AskPassExample(name=name):
                self._emit(self._pass_example(name))
            case requests.AskVersions():
                self._runs.ask_versions()
            case requests.LookAtTensor():
                self._look_at_tensor(request)
            case requests.AskDevices():
                self._runs.ask_devices(number)
            case _:
                shown = self._documents.get(number)
                if shown is not None:
                    for event in answer(shown, request):
                        self._emit(event)

    def _open(self, shown: ShownDocument, place: DocumentPlace | None) -> None:
        # A window that lost its engine opens its documents again under their old numbers.
        self._close(shown.number)
        surroundings().limit_memory(len(self._documents) + 1)
        for event in shown.open(place):
            self._documents[shown.number] = shown
            self._emit(event)

    def _open_script(
        self, number: int, path: str, place: DocumentPlace | None, trusted: TrustedContent | None
    ) -> None:
        self._close(number)
        if trusted is None:
            self._emit(events.TrustWanted(number, path, content_of(path)))
            return
        surroundings().limit_memory(len(self._documents) + 1)
        script = open_script(number, path, place, trusted, self._evaluate, self._inbox.put)
        self._scripts[number] = script
        self._documents[number] = script.shown

    def _take_script_news(self, item: ScriptNews) -> None:
        script = self._scripts.get(item.document)
        if script is None:
            return
        self._evaluate.begin()
        try:
            for event in script.handle(item.news):
                self._emit(event)
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001  # as for requests: the other documents stay alive
            sentence = sentence_of(error, script.shown.path)
            self._emit(events.Notice(item.document, "error", sentence))

    def _close(self, number: int) -> None:
        self._runs.cancel(number, quietly=True)
        self._comparisons.cancel(number, quietly=True)
        self._diagnoses.cancel(number, quietly=True)
        self._tensors.forget(number)
        script = self._scripts.pop(number, None)
        if script is not None:
            script.close()
        shown = self._documents.pop(number, None)
        if shown is not None:
            shown.close()

    def _run(self, request: requests.Run) -> None:
        shown = self._documents.get(request.document)
        target = self._target_of(shown)
        if shown is None or target is None:
            return
        asked = structs.replace(
            self._run_request(request, target),
            passes=shown.applied_passes,
            inputs=[*request.inputs, *shown.inputs_left_out],
            repeats=request.repeats,
            warmup=request.warmup,
            profile=True,
            keep_bytes=KEPT_BYTES,
            find_nan=True,
            spans=True,
            measure=True,
        )
        self._start(request, asked, shown, target)

    def _run_stages(self, request: requests.RunStages) -> None:
        shown = self._documents.get(request.document)
        target = self._target_of(shown)
        if shown is None or target is None:
            return
        left_out = shown.inputs_left_out
        asked = structs.replace(
            self._run_request(request, target),
            staged=[StagedInputs([*run.inputs, *left_out], run.times) for run in request.runs],
            fusion=request.fusion,
        )
        self._start(request, asked, shown, target)

    def _run_request(self, request: requests.Run | requests.RunStages, target: RunTarget) -> RunRequest:
        """What is asked of a runner however a method is run."""
        return RunRequest(
            id=self._runs.new_id(),
            path=str(target.file),
            module_path=target.module_path,
            method=target.method,
            compiled=target.is_compiled,
            passes=[],
            inputs=[],
            device=request.device,
            seed=request.seed,
            profile=False,
            allow_files=request.allow_files,
            memory=request.memory,
            memory_advice=_MEMORY_ADVICE,
            libraries=request.libraries,
        )

    def _start(
        self,
        request: requests.Run | requests.RunStages,
        asked: RunRequest,
        shown: ShownDocument,
        target: RunTarget,
    ) -> None:
        self._runs.start(
            request.document,
            asked,
            (shown.module_path, shown.method),
            {str(target.file): target.file},
            request.time_limit,
        )

    def _target_of(self, shown: ShownDocument | None) -> RunTarget | None:
        """What a run of a document loads; None where there is no document, or it says that it cannot run."""
        if shown is None:
            return None
        try:
            return shown.run_target
        except JitError as error:
            sentence = sentence_of(error, shown.path)
            self._emit(events.RunStopped(shown.number, "failed", sentence, "", -1))
            return None

    def _pass_example(self, name: str) -> events.PassExampleGiven:
        shown = cut(name, NAME)
        try:
            return events.PassExampleGiven(0, shown, example_row(name, self._evaluate))
        except JitError as error:
            return events.PassExampleGiven(0, shown, None, sentence_of(error, shown))

    def _compare(self, request: requests.CompareDocuments) -> None:
        shown, other = self._documents.get(request.document), self._documents.get(request.other)
        if shown is None or other is None:
            sentence = "The document to compare with is not open."
            self._emit(events.ComparisonStopped(request.document, sentence))
            return
        try:
            left, right = shown.run_target, other.run_target
        except JitError as error:
            self._emit(events.ComparisonStopped(request.document, sentence_of(error, shown.path)))
            return
        self._comparisons.start(
            request.document,
            CompareRuns(
                self._comparisons.new_id(),
                str(left.file),
                str(right.file),
                *told_apart(shown.path, other.path),
                left.module_path,
                left.method,
                [*request.inputs, *shown.inputs_left_out],
                right.module_path,
                right.method,
                seed=request.seed,
                kept_bytes=KEPT_BYTES,
                memory=request.memory,
                memory_advice=_MEMORY_ADVICE,
                compiled=left.is_compiled,
                other_compiled=right.is_compiled,
            ),
            {str(left.file): left.file, str(right.file): right.file},
        )

    def _diagnose(self, request: requests.DiagnoseObject) -> None:
        script = self._scripts.get(request.document)
        if script is None:
            sentence = "Functions and modules of Python files have traces to compare with, and this is none."
            self._emit(events.DiagnosisStopped(request.document, sentence))
            return
        asked = script.comparison(request.name, request.arguments, request.inputs)
        self._diagnoses.start(asked, request.document, script.trusted)

    def _look_at_tensor(self, request: requests.LookAtTensor) -> None:
        shown = self._documents.get(request.document)
        if shown is not None:
            tensor, facts = shown.find_tensor(request.name)
            part = (request.slice, request.first_row, request.first_column)
            self._tensors.look(TensorPlace(request.document, request.name, tensor, tuple(facts), part))

    def _take_result(
        self, document: int, place: tuple[str, str], passes: list[str], result: RunResult
    ) -> None:
        shown = self._documents.get(document)
        if shown is not None:
            for event in shown.observe(place, passes, result):
                self._emit(event)

    def _look(self, request: requests.LookAtValue) -> None:
        shown = self._documents.get(request.document)
        if shown is None:
            return
        name, node_id, index, why_not = shown.find_value(request.value, request.node_id, request.index)
        if why_not:
            self._emit(events.ValueLooked(request.document, cut(name, NAME), node_id, index, None, why_not))
            return
        part = (request.slice, request.first_row, request.first_column)
        self._runs.look(request.document, name, node_id, index, part)
