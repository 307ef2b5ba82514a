"""Runs a method of an archive as a request says, and reports its results and times."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from jitcore.exec.arguments import fit_arguments
from jitcore.exec.clocks import CpuClock, CudaClock
from jitcore.exec.errors import ExecutionError
from jitcore.exec.interpreter import Interpreter
from jitcore.exec.lowered_tuples import lower_arguments, raise_results
from jitcore.exec.plan import FAILURES
from jitcore.exec.profiler import Profiler
from jitcore.exec.values import Materializer, usable_device
from jitcore.source import JitError
from jitviewer.protocol.rows import NodeTime, ValueRow
from jitviewer.protocol.runner_messages import RunFailed, RunRequest, RunResult
from jitviewer.runner.chrome_trace import SpanClock, write_trace
from jitviewer.runner.evaluating import LocalEvaluator
from jitviewer.runner.inputs import make_inputs, read_arguments
from jitviewer.runner.programs import load_program
from jitviewer.runner.replies import ProgressReport, ReplyPipe
from jitviewer.runner.value_rows import value_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.exec.profiler import Profile
    from jitviewer.runner.programs import LoadedProgram


def answer_run(request: RunRequest, pipe: ReplyPipe) -> None:
    """Run and send `RunResult` or `RunFailed`, with reports of progress before it."""
    report = ProgressReport(pipe, request.id, request.repeats)
    try:
        with report:
            reply = _run(request, report)
    except ExecutionError as error:
        # The node counts from the graph that was asked for; a failure inside a callee names the call.
        reply = RunFailed(request.id, str(error), error.traceback, error.node_id)
    except JitError as error:
        reply = RunFailed(request.id, str(error), "", -1)
    except FAILURES as error:
        reply = RunFailed(request.id, f"{type(error).__name__}: {error}", "", -1)
    pipe.send(reply)


def _run(request: RunRequest, report: ProgressReport) -> RunResult:
    if request.repeats < 1 or request.warmup < 0:
        raise ExecutionError("a run needs at least one repeat, and no less than 0 to warm up")
    if request.threads > 0:
        torch.set_num_threads(request.threads)
    device = usable_device(request.device)
    report.stage("loading")
    notes: list[str] = []
    program = load_program(request, LocalEvaluator(), notes)
    interpreter = Interpreter(print_text=report.print_text, allow_files=request.allow_files)
    materializer = Materializer(device, program.file, interpreter.call)
    interpreter.materializer = materializer
    with torch.no_grad():
        receiver = [materializer.object(program.receiver)] if program.receiver is not None else []
        if request.inputs_file:
            given = read_arguments(request.inputs_file, device)
        else:
            given = make_inputs(request.inputs, request.seed, device)
        arguments = fit_arguments(program.schema, [*receiver, *given])[len(receiver) :]
        described = _describe_inputs(program, arguments)
        runner = _runner(request, program, materializer, report)
        return _repeat(request, report, program, runner, receiver, arguments, described, notes)


class _Runner:
    """Runs the program once, profiled or not, and gives the wall times and profile of all runs.

    `before_last` is called before the last repeat.
    """

    def __init__(
        self,
        run_once: Callable[[list[Any], bool], tuple[Any, ...]],
        result: Callable[[], tuple[list[int], Profile | None]],
        before_last: Callable[[], None],
    ) -> None:
        self.run_once = run_once
        self.result = result
        self.before_last = before_last


def _runner(
    request: RunRequest, program: LoadedProgram, materializer: Materializer, report: ProgressReport
) -> _Runner:
    report.stage("compiling")
    if request.profile or request.trace_file:
        return _profiled_runner(request, program, materializer, report)
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

    return _Runner(run_once, lambda: (wall, None), lambda: None)


def _profiled_runner(
    request: RunRequest, program: LoadedProgram, materializer: Materializer, report: ProgressReport
) -> _Runner:
    clock = CudaClock() if request.device.startswith("cuda") else CpuClock()
    spans = SpanClock(clock)
    profiler = Profiler(
        program.graph, materializer, request.device, report.print_text, request.allow_files,
        clock=spans if request.trace_file else clock, name=program.name,
    )  # fmt: skip

    def start_noting() -> None:
        spans.is_noting = True

    def profiled() -> tuple[list[int], Profile | None]:
        if request.trace_file:
            write_trace(request.trace_file, spans.spans, profiler.step_names())
        measured = profiler.result()
        return list(measured.wall.values), measured

    return _Runner(profiler.run_for_results, profiled, start_noting)


def _repeat(
    request: RunRequest,
    report: ProgressReport,
    program: LoadedProgram,
    runner: _Runner,
    receiver: list[Any],
    arguments: list[Any],
    described: list[ValueRow],
    notes: list[str],
) -> RunResult:
    outputs: list[ValueRow] = []
    torch.manual_seed(request.seed)
    for index in range(request.warmup + request.repeats):
        warms_up = index < request.warmup
        if index == 0 or index == request.warmup:
            report.stage("warm-up" if warms_up else "running")
        if index == request.warmup + request.repeats - 1:
            runner.before_last()
        # A program may write to its arguments; every run gets the same ones.
        given = [*receiver, *(copy_value(value) for value in arguments)]
        result = runner.run_once(lower_arguments(program.schema, program.graph, given), not warms_up)
        result = raise_results(program.schema, program.graph, result)
        if index == 0:
            # Now, before a later run writes to what this one returned.
            outputs = value_rows("output", result)
            if request.outputs_file:
                save_value(result, request.outputs_file)
        del result
        if not warms_up:
            report.step()
    wall, profile = runner.result()
    times = [] if profile is None else node_times(profile)
    return RunResult(request.id, outputs, times, [ns / 1e3 for ns in wall], request.device, notes, described)


def node_times(profile: Profile) -> list[NodeTime]:
    """Times of the nodes of the graph that was run, in microseconds; a call has those of its callee."""
    return [
        NodeTime(
            node_id, node.kind, node.own.median / 1e3, node.total.median / 1e3, node.total.minimum / 1e3,
            node.total.spread / 1e3, node.calls, list(node.types),
        )
        for (function, node_id), node in profile.nodes.items()
        if not function
    ]  # fmt: skip


def _describe_inputs(program: LoadedProgram, arguments: list[Any]) -> list[ValueRow]:
    names = [argument.name for argument in program.schema.arguments]
    rows: list[ValueRow] = []
    for name, value in zip(names[len(names) - len(arguments) :], arguments, strict=True):
        rows.extend(value_rows(name, value))
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


def save_value(value: Any, path: str) -> None:
    """torch-save a result; raises `ExecutionError` if the file cannot be written."""
    try:
        with Path(path).open("wb") as stream:
            torch.save(value, stream)
    except OSError as error:
        raise ExecutionError(f"{path} cannot be written: {error.strerror or error}") from error
