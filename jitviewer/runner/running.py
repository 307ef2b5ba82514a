"""Runs a method of an archive as a request says, and reports its results and times."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from jitcore.exec.arguments import fit_arguments
from jitcore.exec.clocks import CpuClock, CudaClock
from jitcore.exec.distinct_elements import has_nan
from jitcore.exec.errors import ExecutionError, UnregisteredOperatorError
from jitcore.exec.interpreter import Interpreter
from jitcore.exec.lowered_tuples import lower_arguments, raise_results
from jitcore.exec.plan_places import FAILURES
from jitcore.exec.profiler import Profiler
from jitcore.exec.runtime_types import type_text
from jitcore.exec.values import Materializer, usable_device
from jitcore.source import JitError
from jitviewer.free_memory import give_back
from jitviewer.protocol import bounds
from jitviewer.protocol.bounds import NAME, SENTENCE, VALUES, cut, cut_block, first, more, within
from jitviewer.protocol.libraries import HOW_TO_REGISTER
from jitviewer.protocol.rows import ValueRow
from jitviewer.protocol.run_rows import KeptRow, MachineRow, MemoryRow
from jitviewer.protocol.runner_messages import RunFailed, RunRequest, RunResult
from jitviewer.runner.chrome_trace import SpanClock, write_trace
from jitviewer.runner.evaluating import LocalEvaluator
from jitviewer.runner.inputs import make_inputs, read_arguments
from jitviewer.runner.kept_values import INPUTS, KeptValues, tensors_in
from jitviewer.runner.machine_peaks import peaks_of
from jitviewer.runner.memory_limit import MemoryLimit, is_out_of_memory
from jitviewer.runner.memory_rows import memory_row
from jitviewer.runner.node_times import node_times
from jitviewer.runner.plain_reasons import unusable_devices, without_tables
from jitviewer.runner.programs import load_program
from jitviewer.runner.replies import ProgressReport, ReplyPipe
from jitviewer.runner.span_rows import span_rows
from jitviewer.runner.stage_trees import run_through_stages
from jitviewer.runner.staged_runs import run_staged
from jitviewer.runner.times_so_far import TimesSoFar
from jitviewer.runner.value_rows import value_rows
from jitviewer.runner.whole_texts import check_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.exec.profiler import Profile
    from jitviewer.protocol.run_rows import SpanRow
    from jitviewer.runner.handed_files import HandedFiles
    from jitviewer.runner.programs import LoadedProgram


class KeptRun:
    """Holds what the last run kept. Attributes: `values`, None before the first run."""

    __slots__ = ("values",)

    def __init__(self) -> None:
        self.values: KeptValues | None = None


def answer_run(request: RunRequest, pipe: ReplyPipe, kept: KeptRun, files: HandedFiles) -> None:
    """Run and send `RunResult` or `RunFailed`, with reports of progress before it.

    `files` are what it reads and writes.
    """
    # Whatever was kept makes room for this run.
    kept.values = None
    reply = _reply_to(request, pipe, kept, files)
    pipe.send(reply)
    if isinstance(reply, RunFailed):
        # Nobody is shown the values of a run that failed. An error and the frames that it passed hold each
        # other, and with them whatever flowed there: gigabytes, after a run that wanted more memory.
        kept.values = None
        give_back()


def _reply_to(
    request: RunRequest, pipe: ReplyPipe, kept: KeptRun, files: HandedFiles
) -> RunResult | RunFailed:
    repeats = sum(run.times for run in request.staged) or request.repeats
    report = ProgressReport(pipe, request.id, repeats, request.warmup)
    limit = MemoryLimit(request.memory, request.memory_advice)
    so_far = TimesSoFar()
    try:
        with limit.hold(beyond=request.path), report:
            return _run(request, report, kept, files, so_far)
    except ExecutionError as error:
        if not error.raised_class and is_out_of_memory(error):
            error.reason = limit.sentence()
        why = unusable_devices(error.devices)
        if why:
            error.reason = why
        error.reason = without_tables(error.reason)
        said = str(error)
        if isinstance(error, UnregisteredOperatorError):
            said = f"{said}, {HOW_TO_REGISTER}"
        # The node counts from the graph that was asked for; a failure inside a callee names the call.
        return RunFailed(
            request.id, cut(said, SENTENCE), cut_block(error.traceback), error.node_id, so_far.rows()
        )  # fmt: skip
    except JitError as error:
        return RunFailed(request.id, cut(str(error), SENTENCE), "", -1, so_far.rows())
    except FAILURES as error:
        said = limit.sentence() if is_out_of_memory(error) else f"{type(error).__name__}: {error}"
        return RunFailed(request.id, cut(said, SENTENCE), "", -1, so_far.rows())


def _run(
    request: RunRequest, report: ProgressReport, kept: KeptRun, files: HandedFiles, so_far: TimesSoFar
) -> RunResult:
    if request.repeats < 1 or request.warmup < 0:
        raise ExecutionError("a run needs at least one repeat, and no less than 0 to warm up")
    if request.threads > 0:
        torch.set_num_threads(request.threads)
    device = usable_device(request.device)
    report.stage("loading")
    notes: list[str] = []
    program = load_program(request, files.to_read(request.path), LocalEvaluator(), notes)
    interpreter = Interpreter(print_text=report.print_text, allow_files=request.allow_files)
    materializer = Materializer(device, program.file, interpreter.call, request.allow_files)
    interpreter.materializer = materializer
    with torch.no_grad():
        receiver = [materializer.object(program.receiver)] if program.receiver is not None else []

        def fitted(given: Sequence[Any]) -> list[Any]:
            return fit_arguments(program.schema, [*receiver, *given], materializer)

        if request.staged:

            def of_inputs(specs: list[str]) -> list[Any]:
                return fitted(make_inputs(specs, request.seed, device, files))

            return run_through_stages(request, report, program, interpreter, of_inputs, notes)
        if request.inputs_file:
            given = read_arguments(request.inputs_file, device, files)
        else:
            given = make_inputs(request.inputs, request.seed, device, files)
        arguments = fitted(given)[len(receiver) :]
        if request.stage:

            def of_next_run() -> list[Any]:
                return [*receiver, *(copy_value(value) for value in arguments)]

            return run_staged(request, report, program, interpreter, of_next_run, notes)
        described = _describe_inputs(program, arguments)
        if request.keep_bytes > 0:
            kept.values = KeptValues(request.id, request.keep_bytes, program.graph)
        runner = _runner(request, program, materializer, report, kept.values, files, so_far)
        call = _Call(program, interpreter, materializer, receiver)
        return _repeat(request, report, call, runner, arguments, described, notes, files)


class _Call:
    """What surrounds a run of the graph: the object of the method, and the hooks of a forward."""

    def __init__(
        self,
        program: LoadedProgram,
        interpreter: Interpreter,
        materializer: Materializer,
        receiver: list[Any],
    ) -> None:
        self.program = program
        self._interpreter = interpreter
        self._materializer = materializer
        self._receiver = receiver

    def before(self, arguments: list[Any]) -> list[Any]:
        """All arguments of the graph as it was compiled."""
        hooks, receiver = self.program.hooks, self._receiver
        if hooks is None or not receiver:
            return [*receiver, *arguments]
        given = hooks.before(self._interpreter, receiver[0], arguments)
        return fit_arguments(self.program.schema, [*receiver, *given], self._materializer)

    def after(self, given: list[Any], result: Any) -> Any:
        """The result of the call, of that of the graph."""
        hooks, receiver = self.program.hooks, self._receiver
        if hooks is None or not receiver:
            return result
        return hooks.after(self._interpreter, receiver[0], given[len(receiver) :], result)


class _Runner:
    """Runs the program once, profiled or not, and gives what all runs measured.

    `before_last` is called before the last repeat; `take_inputs` with the inputs of the first.
    """

    def __init__(
        self,
        run_once: Callable[[list[Any], bool], tuple[Any, ...]],
        result: Callable[[], _Measured],
        before_last: Callable[[], None] = lambda: None,
        take_inputs: Callable[[list[Any]], None] = lambda _: None,
    ) -> None:
        self.run_once = run_once
        self.result = result
        self.before_last = before_last
        self.take_inputs = take_inputs


class _Measured(NamedTuple):
    """What the repeats measured; `wall` in nanoseconds."""

    wall: list[int]
    profile: Profile | None = None
    spans: list[SpanRow] | None = None
    kept: KeptRow | None = None
    memory: MemoryRow = MemoryRow()


def _runner(
    request: RunRequest,
    program: LoadedProgram,
    materializer: Materializer,
    report: ProgressReport,
    kept: KeptValues | None,
    files: HandedFiles,
    so_far: TimesSoFar,
) -> _Runner:
    report.stage("compiling")
    if request.profile or request.trace_file:
        return _profiled_runner(request, program, materializer, report, kept, files, so_far)
    interpreter = Interpreter(materializer, None, report.print_text, request.allow_files)
    plan = interpreter.plan_graph(program.graph, program.name)
    wall: list[int] = []
    synchronize = torch.cuda.synchronize if request.device.startswith("cuda") else None

    def run_once(arguments: list[Any], keep: bool) -> tuple[Any, ...]:
        start = time.perf_counter_ns()
        results = plan.run(arguments)
        if synchronize is not None:
            synchronize()
        if keep:
            wall.append(time.perf_counter_ns() - start)
        return results

    return _Runner(run_once, lambda: _Measured(wall))


def _profiled_runner(
    request: RunRequest,
    program: LoadedProgram,
    materializer: Materializer,
    report: ProgressReport,
    kept: KeptValues | None,
    files: HandedFiles,
    so_far: TimesSoFar,
) -> _Runner:
    clock = CudaClock() if request.device.startswith("cuda") else CpuClock()
    spans = SpanClock(clock)
    notes_spans = bool(request.trace_file) or request.spans
    profiler = Profiler(
        program.graph, materializer, request.device, report.print_text, request.allow_files,
        find_nan=request.find_nan, clock=spans if notes_spans else clock, name=program.name,
        take_values=kept.take if kept is not None else None,
    )  # fmt: skip
    so_far.watch(profiler, program.graph)

    def start_noting() -> None:
        spans.is_noting = True

    def take_inputs(values: list[Any]) -> None:
        if kept is not None:
            kept.take(INPUTS, values)

    def measured() -> _Measured:
        rows = span_rows(spans.spans, profiler.step_names()) if notes_spans else []
        profile = profiler.result()
        memory = memory_row(profile.memory, spans.spans, profiler.step_names())
        if request.trace_file:
            write_trace(files, request.trace_file, rows, memory.points)
        summary = kept.summary() if kept is not None else None
        return _Measured(list(profile.wall.values), profile, rows if request.spans else None, summary, memory)

    return _Runner(profiler.run_for_results, measured, start_noting, take_inputs)


def _repeat(
    request: RunRequest,
    report: ProgressReport,
    call: _Call,
    runner: _Runner,
    arguments: list[Any],
    described: list[ValueRow],
    notes: list[str],
    files: HandedFiles,
) -> RunResult:
    program = call.program
    if program.hooks is not None and program.hooks.note():
        notes.append(program.hooks.note())
    outputs: list[ValueRow] = []
    input_types: list[str] = []
    torch.manual_seed(request.seed)
    for index in range(request.warmup + request.repeats):
        warms_up = index < request.warmup
        if index == 0 or index == request.warmup:
            report.stage("warm-up" if warms_up else "running")
        if index == request.warmup + request.repeats - 1:
            runner.before_last()
        # A program may write to its arguments; every run gets the same ones.
        given = call.before([copy_value(value) for value in arguments])
        lowered = lower_arguments(program.schema, program.graph, given)
        if index == 0:
            input_types = within(map(type_text, lowered), bounds.INPUTS, len)
            if request.find_nan:
                notes.extend(_nans_among(program, arguments))
            runner.take_inputs([copy_value(value) for value in lowered])
        result = runner.run_once(lowered, not warms_up)
        result = call.after(given, raise_results(program.schema, program.graph, result))
        check_texts(result)
        if index == 0:
            # Now, before a later run writes to what this one returned.
            outputs = value_rows("output", result)
            if request.outputs_file:
                save_value(files, result, request.outputs_file)
        del result
        report.step(warms_up)
    wall, profile, spans, kept, memory = runner.result()
    machine = MachineRow()
    if request.measure:
        report.stage("measuring the machine")
        machine = peaks_of(request.device)
    first_nan = -1
    if profile is not None and profile.first_nan is not None:
        first_nan = profile.first_nan[1] if not profile.first_nan[0] else -1
    return RunResult(
        request.id, outputs, [] if profile is None else node_times(profile, program.graph),
        [ns / 1e3 for ns in wall], request.device,
        [cut(note, SENTENCE) for note in first(notes, VALUES, more)], described, input_types, spans or [],
        kept or KeptRow(), first_nan, memory=memory, machine=machine,
    )  # fmt: skip


def _nans_among(program: LoadedProgram, arguments: list[Any]) -> list[str]:
    """A note for each argument that holds a NaN from the beginning."""
    names = [argument.name for argument in program.schema.arguments]
    return [
        f"The input {cut(name, NAME)} holds a NaN."
        for name, value in zip(names[len(names) - len(arguments) :], arguments, strict=True)
        if any(_can_be_nan(t) and has_nan(t) for t in tensors_in(value))
    ]


def _can_be_nan(tensor: torch.Tensor) -> bool:
    return tensor.is_floating_point() and tensor.layout == torch.strided


def _describe_inputs(program: LoadedProgram, arguments: list[Any]) -> list[ValueRow]:
    names = [argument.name for argument in program.schema.arguments]
    rows: list[ValueRow] = []
    for name, value in zip(names[len(names) - len(arguments) :], arguments, strict=True):
        rows.extend(value_rows(cut(name, NAME), value))
        if len(rows) > VALUES:
            break
    return rows


def copy_value(value: Any) -> Any:
    """A copy with tensors of its own."""
    if isinstance(value, torch.Tensor):
        return value.clone()
    if isinstance(value, list):
        return [copy_value(item) for item in value]
    if isinstance(value, tuple):
        return tuple(copy_value(item) for item in value)
    if isinstance(value, dict):
        return {key: copy_value(item) for key, item in value.items()}
    return value


def save_value(files: HandedFiles, value: Any, path: str) -> None:
    """torch-save a result; raises `ExecutionError` if the file cannot be written."""
    try:
        with files.to_write(path) as stream:
            torch.save(value, stream)
    except OSError as error:
        raise ExecutionError(f"{path} cannot be written: {error.strerror or error}") from error
