"""Runs a method through the stages of its executor with inputs that vary, and shows all graphs of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from jitcore.exec.errors import ExecutionError
from jitcore.exec.executor.executors import Executors
from jitcore.exec.executor.stage_tree import stages_of
from jitcore.printing import graph_text
from jitviewer.protocol.bounds import CHARACTERS, DETAIL, REPEATS, SENTENCE, VALUES, cut, first, joined, more
from jitviewer.protocol.runner_messages import RunResult
from jitviewer.protocol.stage_rows import GuardRow, StageRow
from jitviewer.runner.staged_runs import fusing
from jitviewer.runner.whole_texts import check_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jitcore.exec.executor.specialisations import GuardRecord
    from jitcore.exec.executor.stage_tree import ExecutedStage
    from jitcore.exec.interpreter import Interpreter
    from jitviewer.protocol.runner_messages import RunRequest
    from jitviewer.runner.programs import LoadedProgram
    from jitviewer.runner.replies import ProgressReport

_MOST_STAGES = 500
_NO_STAGES = (
    "The executor runs this as it was written: it cannot be inlined, or switches autocast on, so there are "
    "no other stages."
)


def run_through_stages(
    request: RunRequest,
    report: ProgressReport,
    program: LoadedProgram,
    interpreter: Interpreter,
    arguments: Callable[[list[str]], list[Any]],
    notes: list[str],
) -> RunResult:
    """Make the `staged` runs one after the other with an executor that begins anew.

    `arguments` makes those of a call from SPEC texts, the object of a method first; they are made for each
    run, since a program may write to them. Raises `ExecutionError` and `JitError` with what ended a run.
    """
    if any(run.times < 1 for run in request.staged) or sum(run.times for run in request.staged) > REPEATS:
        raise ExecutionError(f"runs through the stages are made at least once, and {REPEATS:,} times at most")
    executors = Executors(interpreter)
    report.stage("running")
    torch.manual_seed(request.seed)
    with fusing(request.fusion):
        executor = executors.executor_of(program.function)
        for wanted in request.staged:
            for _ in range(wanted.times):
                check_texts(executors.run(program.function, arguments(wanted.inputs)))
                report.step(False)
    stages = stages_of(program.function, executor)
    if executor.has_no_stages:
        notes = [*notes, _NO_STAGES]
    told = [cut(note, SENTENCE) for note in first([*_left_out(stages), *notes], VALUES, more)]
    return RunResult(request.id, [], [], [], request.device, told, [], stages=_rows(stages))


def _left_out(stages: list[ExecutedStage]) -> Iterator[str]:
    """What is more than there is room for, in sentences."""
    if len(stages) > _MOST_STAGES:
        yield f"The executor made {len(stages):,} graphs; the first {_MOST_STAGES:,} are shown."
    most = max((len(stage.guards) for stage in stages), default=0)
    if most > VALUES:
        yield f"A graph has {most:,} guards; the first {VALUES:,} of each graph are shown."


def _rows(stages: list[ExecutedStage]) -> list[StageRow]:
    rows: list[StageRow] = []
    room = CHARACTERS
    for stage in stages[:_MOST_STAGES]:
        text = graph_text(stage.graph)
        room -= len(text)
        why_not = "" if room >= 0 else f"The graph has {len(text):,} characters, more than there is room for."
        nodes = sum(1 for _ in stage.graph.all_nodes())
        rows.append(
            StageRow(
                stage.kind, "" if why_not else text, nodes, stage.parent, stage.runs,
                [_guard_row(guard) for guard in stage.guards[:VALUES]], why_not, stage.shapes,
            )
        )  # fmt: skip
    return rows


def _guard_row(guard: GuardRecord) -> GuardRow:
    reasons = [f"{reason} ({count:,} times)" if count > 1 else reason for reason, count in guard.reasons]
    return GuardRow(
        guard.kind, joined((f"%{name} : {kind}" for name, kind in guard.expected), DETAIL), guard.passed,
        guard.failed, [cut(reason, DETAIL) for reason in first(reasons, VALUES, more)],
    )  # fmt: skip
