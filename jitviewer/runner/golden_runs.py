"""Saves the values of a run in a golden file, or compares a run with one."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any, Final, cast

import torch

from jitcore.diagnose.alignment import align
from jitcore.diagnose.golden import GoldenFile, GoldenWriter, RunConditions, record_run
from jitcore.diagnose.paired_runs import Tolerance, compare_values, compare_with_recorded
from jitcore.diagnose.paired_runs.explaining import Explaining
from jitcore.exec.errors import ExecutionError
from jitcore.exec.plan_places import FAILURES
from jitcore.exec.values import dtype_named, usable_device
from jitcore.source import JitError
from jitviewer.free_memory import give_back
from jitviewer.protocol.bounds import SENTENCE, VALUES, cut, cut_block, first, more
from jitviewer.protocol.comparison_messages import RunsCompared
from jitviewer.protocol.golden_messages import GoldenSaved
from jitviewer.protocol.runner_messages import RunFailed, RunRequest
from jitviewer.runner.comparison_rows import comparison_row
from jitviewer.runner.fresh_programs import FreshProgram, moved
from jitviewer.runner.inputs import handed, make_inputs, read_arguments
from jitviewer.runner.memory_limit import MemoryLimit, is_out_of_memory
from jitviewer.runner.replies import ProgressReport, ReplyPipe

if TYPE_CHECKING:
    from jitcore.diagnose.paired_runs import Runnable
    from jitviewer.protocol.golden_messages import GoldenRun
    from jitviewer.runner.handed_files import HandedFiles

_OTHER_INPUTS: Final = (
    "the inputs are not those of the golden file, so that values differ for that reason too"
)


def answer_golden(request: GoldenRun, pipe: ReplyPipe, files: HandedFiles) -> None:
    """Run and send `GoldenSaved`, `RunsCompared` or `RunFailed`, with reports of progress before it."""
    limit = MemoryLimit(request.memory, request.memory_advice)
    report = ProgressReport(pipe, request.id, 1)
    reply: GoldenSaved | RunsCompared | RunFailed
    try:
        with limit.hold(beyond=request.path), report, torch.no_grad():
            reply = _GoldenRun(request, report, files).reply()
    except ExecutionError as error:
        said = limit.sentence() if is_out_of_memory(error) else str(error)
        reply = RunFailed(request.id, cut(said, SENTENCE), cut_block(error.traceback), error.node_id)
    except JitError as error:
        reply = RunFailed(request.id, cut(str(error), SENTENCE), "", -1)
    except FAILURES as error:
        said = limit.sentence() if is_out_of_memory(error) else f"{type(error).__name__}: {error}"
        reply = RunFailed(request.id, cut(said, SENTENCE), "", -1)
    pipe.send(reply)
    give_back()


class _GoldenRun:
    def __init__(self, request: GoldenRun, report: ProgressReport, files: HandedFiles) -> None:
        self._request = request
        self._report = report
        self._files = files
        self._device = usable_device(request.device)
        self._notes: list[str] = []

    def reply(self) -> GoldenSaved | RunsCompared:
        self._report.stage("loading")
        return self._saved() if self._request.saves else self._compared()

    def _saved(self) -> GoldenSaved:
        request = self._request
        given = self._given()
        side = self._side(given)
        conditions = RunConditions(
            request.name, str(torch.__version__),
            f"{platform.system()} {platform.machine()}", str(self._device),
            tuple(request.passes), request.seed,
        )  # fmt: skip
        self._report.stage("running")
        try:
            with (
                self._files.to_write(request.golden_file) as stream,
                GoldenWriter(stream, side.graph) as writer,
            ):
                writer.save_inputs(given)
                torch.manual_seed(request.seed)
                record_run(side, writer, conditions, self._report.print_text)
        except OSError as error:
            where = request.golden_file
            raise ExecutionError(f"{where} cannot be written: {error.strerror or error}") from error
        notes = [*self._notes, *writer.notes()]
        return GoldenSaved(request.id, writer.steps, writer.data_bytes, _told(notes))

    def _compared(self) -> RunsCompared:
        request = self._request
        golden = GoldenFile.open(handed(request.golden_file, self._files))
        recorded = golden.run()
        saved = golden.inputs()
        if request.inputs or request.inputs_file:
            given = self._given()
            if saved is not None and compare_values(saved, given, self._tolerance()).agreement == "differs":
                self._notes.append(_OTHER_INPUTS)
        elif saved is None:
            raise ExecutionError(f"{request.golden_file} lacks the inputs of its run: give these too")
        else:
            given = cast("list[Any]", moved(saved, self._device, None))
        side = self._side(given)
        self._report.stage("compiling")
        alignment = align(recorded.graph, side.graph)
        self._report.stage("running")
        torch.manual_seed(request.seed)
        usual = self._tolerance()
        comparison = compare_with_recorded(
            recorded, side, alignment, usual,
            {index: _as(usual, relative) for index, relative in request.result_tolerances.items()},
            self._report.print_text,
        )  # fmt: skip
        if comparison.right_error:
            raise ExecutionError(f"the run fails, so there is nothing to compare: {comparison.right_error}")
        conditions = golden.conditions
        passes = " ".join(conditions.passes)
        names = f"golden ({passes}, {conditions.device}, torch {conditions.torch})", request.name
        explanation = Explaining(recorded.graph, side.graph, alignment, *names).of(comparison)
        notes = [*(f"golden: {note}" for note in golden.notes), *self._notes]
        graphs = recorded.graph, side.graph
        return RunsCompared(
            request.id, comparison_row(names, graphs, alignment, comparison, explanation, notes)
        )

    def _given(self) -> list[Any]:
        request = self._request
        if request.inputs_file:
            return read_arguments(request.inputs_file, self._device, self._files)
        return make_inputs(request.inputs, request.seed, self._device, self._files)

    def _side(self, given: list[Any]) -> Runnable:
        """The program, to be run on copies of what is given."""
        request = self._request
        run = RunRequest(
            request.id, request.path, request.module_path, request.method, request.passes, request.inputs,
            compiled=request.compiled, allow_files=request.allow_files,
        )  # fmt: skip
        program = FreshProgram(run, self._files, self._device, self._report.print_text, self._notes)
        return program.runnable(given, dtype_named(request.dtype) if request.dtype else None)

    def _tolerance(self) -> Tolerance:
        request = self._request
        return Tolerance(
            None if request.relative < 0 else request.relative,
            Tolerance().absolute if request.absolute < 0 else request.absolute,
            {dtype_named(name): relative for name, relative in request.dtype_tolerances.items()},
            across_dtypes=True,
        )


def _as(usual: Tolerance, relative: float) -> Tolerance:
    return Tolerance(relative, usual.absolute, across_dtypes=True)


def _told(notes: list[str]) -> list[str]:
    return [cut(note, SENTENCE) for note in first(notes, VALUES, more)]
