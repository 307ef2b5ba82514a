"""Runs a method through the stages of its executor, and shows the graph of one of them."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

import torch

from jitcore.exec.executor.settings import SETTINGS, USUAL_STRATEGY, FusionStrategy
from jitcore.exec.executor.shown_stage import STAGES, graph_after
from jitcore.printing import graph_text
from jitcore.source import JitError
from jitviewer.protocol.bounds import FRAME, SENTENCE, VALUES, cut, first, more
from jitviewer.protocol.runner_messages import RunResult

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from jitcore.exec.interpreter import Interpreter
    from jitviewer.protocol.runner_messages import RunRequest
    from jitviewer.runner.programs import LoadedProgram
    from jitviewer.runner.replies import ProgressReport


_STRATEGIES: Final[dict[str, FusionStrategy]] = {"static": USUAL_STRATEGY, "dynamic": (("DYNAMIC", 10),)}


def run_staged(
    request: RunRequest,
    report: ProgressReport,
    program: LoadedProgram,
    interpreter: Interpreter,
    arguments: Callable[[], list[Any]],
    notes: list[str],
) -> RunResult:
    """The graph of the stage that is asked for, after `repeats` runs. Raises `JitError`."""
    if request.stage not in STAGES:
        raise JitError(f"there is no stage '{cut(request.stage, SENTENCE)}'; there are {', '.join(STAGES)}")
    if request.passes:
        raise JitError(
            "a stage of the executor is of the method as it was compiled: ask for it without passes"
        )
    report.stage("running")
    torch.manual_seed(request.seed)
    with fusing(request.fusion):
        graph = graph_after(
            interpreter,
            program.function,
            arguments,
            request.repeats,
            request.stage,
            lambda: report.step(False),
        )
    text = graph_text(graph)
    if len(text.encode()) > FRAME // 2:
        raise JitError(f"the graph has {len(text):,} characters, more than can be shown")
    told = [cut(note, SENTENCE) for note in first(notes, VALUES, more)]
    return RunResult(request.id, [], [], [], request.device, told, [], graph=text)


def fusing(fusion: str) -> AbstractContextManager[None]:
    """Context in which operators are fused as a request says. Raises `JitError` for an unknown way."""
    if not fusion:
        return nullcontext()
    if fusion not in _STRATEGIES:
        raise JitError(f"nothing is fused as '{cut(fusion, SENTENCE)}'; there are {', '.join(_STRATEGIES)}")
    return SETTINGS.fusing_on_cpu(_STRATEGIES[fusion])
