"""Saves the values of a run in a golden file, or compares a run with one."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any, Final, cast

import torch

from jitcore.diagnose.alignment import align
from jitcore.diagnose.golden import GoldenFile, GoldenWriter, RunConditions, record_run
from jitcore.diagnose.paired_runs import compare_values, compare_with_recorded
from jitcore.diagnose.paired_runs.explaining import Explaining
from jitcore.exec.errors import ExecutionError
from jitcore.exec.values import dtype_named, usable_device
from jitviewer.protocol.bounds import SENTENCE, VALUES, cut, first, more
from jitviewer.protocol.comparison_messages import RunsCompared
from jitviewer.protocol.golden_messages import GoldenSaved
from jitviewer.runner.answering import send_answer
from jitviewer.runner.compared_programs import (
    given_inputs,
    program_after,
    result_tolerances_of,
    tolerance_of,
)
from jitviewer.runner.comparison_rows import comparison_row
from jitviewer.runner.fresh_programs import moved
from jitviewer.runner.inputs import handed
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
    report = ProgressReport(pipe, request.id, 1)
    send_answer(request, pipe, report, lambda: _GoldenRun(request, report, files).reply())


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
            if (
                saved is not None
                and compare_values(saved, given, tolerance_of(request)).agreement == "differs"
            ):
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
        comparison = compare_with_recorded(
            recorded, side, alignment, tolerance_of(request), result_tolerances_of(request),
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
        return given_inputs(self._request, self._device, self._files)

    def _side(self, given: list[Any]) -> Runnable:
        """The program, to be run on copies of what is given."""
        request = self._request
        program = program_after(
            request, request.passes, self._device, self._files, self._report.print_text, self._notes
        )
        return program.runnable(given, dtype_named(request.dtype) if request.dtype else None)


def _told(notes: list[str]) -> list[str]:
    return [cut(note, SENTENCE) for note in first(notes, VALUES, more)]
