"""Runs a program under two pipelines of passes on the same inputs, and compares values and costs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import torch

from jitcore.diagnose.alignment import align
from jitcore.diagnose.paired_runs import compare_runs
from jitcore.diagnose.paired_runs.explaining import Explaining
from jitcore.exec.interpreter import Interpreter
from jitcore.exec.profiler import Profiler, Samples
from jitcore.exec.values import usable_device
from jitviewer.protocol.bounds import LARGEST, NAME, PASSES, cut
from jitviewer.protocol.pipeline_messages import PipelineRow, PipelinesCompared
from jitviewer.protocol.roofline import work_of
from jitviewer.runner.answering import send_answer
from jitviewer.runner.compared_programs import (
    given_inputs,
    program_after,
    result_tolerances_of,
    tolerance_of,
)
from jitviewer.runner.comparison_rows import comparison_row
from jitviewer.runner.fresh_programs import FreshProgram
from jitviewer.runner.node_times import node_times
from jitviewer.runner.replies import ProgressReport, ReplyPipe
from jitviewer.runner.running import copy_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitviewer.protocol.comparison_rows import ComparisonRow
    from jitviewer.protocol.pipeline_messages import ComparePipelines
    from jitviewer.runner.handed_files import HandedFiles


def answer_pipelines(request: ComparePipelines, pipe: ReplyPipe, files: HandedFiles) -> None:
    """Run and send `PipelinesCompared` or `RunFailed`, with reports of progress before it."""
    report = ProgressReport(pipe, request.id, 2 * request.repeats, 2 * request.warmup)
    send_answer(request, pipe, report, lambda: _PipelineRuns(request, report, files).reply())


class _PipelineRuns:
    """Two programs that differ in their passes alone."""

    def __init__(self, request: ComparePipelines, report: ProgressReport, files: HandedFiles) -> None:
        self._request = request
        self._report = report
        self._device = usable_device(request.device)
        self._notes: list[str] = []
        report.stage("loading")
        self._given = given_inputs(request, self._device, files)
        self._names = request.name, request.other_name
        self._passes = request.passes, request.other_passes
        self._programs = tuple(
            self._program(name, passes, files) for name, passes in zip(self._names, self._passes, strict=True)
        )

    def _program(self, name: str, passes: list[str], files: HandedFiles) -> FreshProgram:
        found: list[str] = []
        program = program_after(self._request, passes, self._device, files, self._report.print_text, found)
        self._notes.extend(f"{name}: {note}" for note in found)
        return program

    def reply(self) -> PipelinesCompared:
        """Values first: where a side fails nothing can be measured."""
        comparison = self._compared()
        rows = [
            PipelineRow(cut(name, NAME), [cut(each, NAME) for each in passes[:PASSES]], _nodes(program))
            for name, passes, program in zip(self._names, self._passes, self._programs, strict=True)
        ]
        if not comparison.left_error and not comparison.right_error:
            rows = self._measured(rows)
        return PipelinesCompared(self._request.id, rows[0], rows[1], comparison)

    def _compared(self) -> ComparisonRow:
        left, right = (program.runnable(self._given) for program in self._programs)
        self._report.stage("compiling")
        alignment = align(left.graph, right.graph)
        self._report.stage("comparing")
        comparison = compare_runs(
            left, right, alignment, tolerance_of(self._request), before=self._begin,
            print_text=self._report.print_text, result_tolerances=result_tolerances_of(self._request),
        )  # fmt: skip
        explanation = Explaining(left.graph, right.graph, alignment, *self._names).of(comparison)
        graphs = left.graph, right.graph
        return comparison_row(self._names, graphs, alignment, comparison, explanation, self._notes)

    def _begin(self) -> None:
        torch.manual_seed(self._request.seed)

    def _measured(self, rows: list[PipelineRow]) -> list[PipelineRow]:
        costs = [self._costs(program) for program in self._programs]
        runs = [self._timed(program) for program in self._programs]
        wall: tuple[list[int], list[int]] = ([], [])
        for index in range(self._request.warmup + self._request.repeats):
            warms_up = index < self._request.warmup
            if index in (0, self._request.warmup):
                self._report.stage("warm-up" if warms_up else "running")
            # Who runs second finds the caches warm, or the machine hot: neither is always the one.
            for side in (0, 1) if index % 2 == 0 else (1, 0):
                elapsed = runs[side]()
                if not warms_up:
                    wall[side].append(elapsed)
                self._report.step(warms_up)
        return [
            PipelineRow(
                row.name, row.passes, row.nodes, [ns / 1e3 for ns in taken], samples.median / 1e3,
                samples.spread / 1e3, *cost,
            )
            for row, cost, taken in zip(rows, costs, wall, strict=True)
            for samples in (Samples(tuple(taken)),)
        ]  # fmt: skip

    def _costs(self, program: FreshProgram) -> tuple[int, int, int, int]:
        """The peak, the weights, operations and bytes moved, of one run that is counted and not timed."""
        side = program.runnable(self._given)
        profiler = Profiler(
            side.graph, side.materializer, self._request.device, _drop, side.allow_files, name=side.name
        )
        self._begin()
        profiler.run_for_results(side.arguments)
        profile = profiler.result()
        work = work_of(node_times(profile, side.graph))
        memory = profile.memory
        return (
            min(memory.peak, LARGEST), min(memory.weights, LARGEST), min(work.flops, LARGEST),
            min(work.moved, LARGEST),
        )  # fmt: skip

    def _timed(self, program: FreshProgram) -> Callable[[], int]:
        """Runs the program and gives the nanoseconds that it took, the copies of its inputs not counted."""
        side = program.runnable(self._given)
        plan = Interpreter(side.materializer, None, _drop, side.allow_files).plan_graph(side.graph, side.name)
        synchronize = torch.cuda.synchronize if self._device.type == "cuda" else None

        def run() -> int:
            arguments = [copy_value(value) for value in side.arguments]
            self._begin()
            if synchronize is not None:
                synchronize()
            start = time.perf_counter_ns()
            plan.run(arguments)
            if synchronize is not None:
                synchronize()
            return time.perf_counter_ns() - start

        return run


def _drop(_: str) -> None:
    """The runs that were compared have printed it."""


def _nodes(program: FreshProgram) -> int:
    return len(program.graph.all_nodes())
