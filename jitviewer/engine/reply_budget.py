"""How much a runner may answer, so that one that is no longer our own program cannot fill the memory."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from jitviewer.protocol.bounds import CHARACTERS, LAID_OUT, PRINTED, SENTENCE
from jitviewer.protocol.comparison_messages import CompareRuns, RunsCompared
from jitviewer.protocol.framing import FrameError
from jitviewer.protocol.golden_messages import GoldenRun, GoldenSaved
from jitviewer.protocol.pipeline_messages import ComparePipelines, PipelinesCompared
from jitviewer.protocol.runner_messages import (
    Devices,
    Evaluated,
    EvaluateRequest,
    ListDevices,
    LookAtKept,
    Ping,
    Pong,
    RunFailed,
    RunPrinted,
    RunProgress,
    RunRequest,
    RunResult,
    ValueSeen,
)
from jitviewer.protocol.script_messages import (
    CompareScriptable,
    CompileScriptable,
    InputsProposed,
    OpenScript,
    ProposeInputs,
    RenderScriptable,
    ScriptableCompiled,
    ScriptableDiagnosed,
    ScriptableRendered,
    ScriptChanged,
    ScriptOpened,
)

if TYPE_CHECKING:
    from jitviewer.protocol.comparison_rows import ComparisonRow
    from jitviewer.protocol.rows import NodeTime
    from jitviewer.protocol.runner_messages import AnyRunnerReply, AnyRunnerRequest
    from jitviewer.protocol.stage_rows import GuardRow

_AT_ONCE: Final = 100
_EACH_SECOND: Final = 50
"""Reports of progress: stages follow each other at once, and then there are ten a second."""

_ANSWERS: Final[dict[type, tuple[type, ...]]] = {
    Ping: (Pong,),
    ListDevices: (Devices,),
    RunRequest: (RunResult, RunFailed),
    LookAtKept: (ValueSeen,),
    EvaluateRequest: (Evaluated,),
    OpenScript: (ScriptOpened, ScriptChanged),
    CompileScriptable: (ScriptableCompiled, ScriptChanged),
    ProposeInputs: (InputsProposed, ScriptChanged),
    RenderScriptable: (ScriptableRendered, ScriptChanged),
    CompareScriptable: (ScriptableDiagnosed, ScriptChanged),
    CompareRuns: (RunsCompared, RunFailed),
    GoldenRun: (GoldenSaved, RunsCompared, RunFailed),
    ComparePipelines: (PipelinesCompared, RunFailed),
}
"""What may answer each question."""

_REPORTING: Final = (RunRequest, CompareRuns, GoldenRun, ComparePipelines, CompareScriptable)
"""What is reported on before it is answered."""


class ReplyBudget:
    """Counts what one process answers, and compares it with what it was asked."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._asked = 0
        self._open: dict[int, AnyRunnerRequest] = {}
        self._reports = 0
        self._printed = 0

    def ask(self, request: AnyRunnerRequest) -> None:
        """A request is sent, which has one answer, of its kind."""
        self._asked += 1
        self._open[request.id] = request

    def take(self, reply: AnyRunnerReply) -> None:
        """Count a reply. Raises `FrameError` if no runner of ours would have sent it."""
        if isinstance(reply, RunPrinted):
            self._printed += len(reply.text)
            if self._printed > self._asked * (PRINTED + SENTENCE):
                raise FrameError(f"more than {PRINTED:,} printed characters")
        elif isinstance(reply, RunProgress):
            self._reports += 1
            lived = time.monotonic() - self._begun
            if self._reports > self._asked * _AT_ONCE + lived * _EACH_SECOND:
                raise FrameError("more reports of progress than there is time for")
        else:
            _check_sums(reply)

    def check(self, reply: AnyRunnerReply) -> None:
        """Raises `FrameError` if that is nothing that was asked, or was answered before."""
        asked = self._open.get(reply.id)
        if asked is None:
            raise FrameError("an answer to no question")
        if isinstance(reply, RunPrinted | RunProgress):
            if not isinstance(asked, _REPORTING):
                raise FrameError("a report on what is no run")
            return
        if not isinstance(reply, _ANSWERS.get(type(asked), ())):
            raise FrameError("an answer to another question")
        del self._open[reply.id]


def _check_sums(reply: AnyRunnerReply) -> None:
    """Raise `FrameError` if rows that are short and few enough are too much all together."""
    if isinstance(reply, RunsCompared | PipelinesCompared):
        _check_comparison(reply.comparison)
    if not isinstance(reply, RunResult | RunFailed):
        return
    sums = {"times": sum(map(_of_time, reply.times))}
    if isinstance(reply, RunResult):
        shown = sum(len(row.name) + len(row.type) + len(row.text) for row in (*reply.outputs, *reply.inputs))
        if shown + sum(map(len, reply.notes)) > LAID_OUT:
            raise FrameError(f"more than {LAID_OUT:,} characters of values and notes")
        sums["spans"] = sum(len(row.kind) + len(row.function) for row in reply.spans)
        sums["types"] = sum(map(len, reply.input_types))
        sums["storages"] = sum(len(row.type) for row in reply.memory.alive)
        sums["stages"] = sum(len(stage.graph) for stage in reply.stages)
        sums["guards"] = sum(map(_of_guard, (guard for stage in reply.stages for guard in stage.guards)))
    for what, characters in sums.items():
        if characters > CHARACTERS:
            raise FrameError(f"more than {CHARACTERS:,} characters of {what}")


def _check_comparison(row: ComparisonRow) -> None:
    nodes = sum(len(n.kind) + len(n.file) + len(n.module) for n in (*row.left_nodes, *row.right_nodes))
    differences = [pair.difference for pair in row.pairs if pair.difference is not None]
    told = sum(len(d.left) + len(d.right) + len(d.what) + len(d.part) for d in (*differences, *row.results))
    findings = sum(len(found.text) + len(found.file) for found in row.findings)
    findings += sum(len(d.fixed) + len(d.now) + len(d.file) for d in row.departures)
    for what, characters in (("nodes", nodes), ("differences", told), ("findings", findings)):
        if characters > CHARACTERS:
            raise FrameError(f"more than {CHARACTERS:,} characters of {what}")


def _of_guard(row: GuardRow) -> int:
    return len(row.kind) + len(row.wanted) + sum(map(len, row.reasons))


def _of_time(row: NodeTime) -> int:
    return sum(map(len, row.types)) + len(row.kind) + len(row.module) + len(row.source)
