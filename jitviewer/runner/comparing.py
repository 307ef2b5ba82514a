"""Runs a method of two archives beside each other and compares every value of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

import torch

from jitcore.diagnose.paired_runs import Runnable, Tolerance
from jitcore.exec.values import usable_device
from jitcore.ir import ScriptObject
from jitviewer.protocol.comparison_messages import RunsCompared
from jitviewer.protocol.runner_messages import RunRequest
from jitviewer.runner.answering import send_answer
from jitviewer.runner.compared_graphs import compared_graphs
from jitviewer.runner.fresh_programs import FreshProgram
from jitviewer.runner.inputs import make_inputs
from jitviewer.runner.replies import ProgressReport, ReplyPipe

if TYPE_CHECKING:
    from jitviewer.protocol.comparison_messages import CompareRuns
    from jitviewer.protocol.comparison_rows import ComparisonRow
    from jitviewer.runner.handed_files import HandedFiles


def answer_comparison(request: CompareRuns, pipe: ReplyPipe, files: HandedFiles) -> None:
    """Compare and send `RunsCompared` or `RunFailed`, with reports of progress before it."""
    report = ProgressReport(pipe, request.id, 2)
    send_answer(request, pipe, report, lambda: RunsCompared(request.id, _compared(request, report, files)))


def _compared(request: CompareRuns, report: ProgressReport, files: HandedFiles) -> ComparisonRow:
    report.stage("loading")
    notes: list[str] = []
    left = _side(request, _Program.first(request), report, files, notes)
    right = _side(request, _Program.second(request), report, files, notes)
    if request.shares_weights and _share_weights(left, right):
        notes.append(f"{request.name} was run with the parameters and buffers of {request.other_name}.")
    return compared_graphs(
        (request.name, request.other_name), left, right, lambda: torch.manual_seed(request.seed),
        report.stage, report.print_text, request.kept_bytes,
        Tolerance() if request.relative < 0 else Tolerance(request.relative), notes,
    )  # fmt: skip


def _share_weights(left: Runnable, right: Runnable) -> bool:
    """Give modules of the left side copies of the right one's tensors of that shape; whether any differed."""
    if not left.arguments or not right.arguments:
        return False
    pending: list[tuple[Any, Any]] = [(left.arguments[0], right.arguments[0])]
    differed = False
    met: set[tuple[int, int]] = set()
    while pending:
        ours, theirs = pending.pop()
        is_new = (id(ours), id(theirs)) not in met
        if not (is_new and isinstance(ours, ScriptObject) and isinstance(theirs, ScriptObject)):
            continue
        met.add((id(ours), id(theirs)))
        for name, value in theirs.attributes.items():
            own = ours.attributes.get(name)
            if isinstance(value, ScriptObject):
                pending.append((own, value))
            elif _fits(own, value):
                differed |= not torch.equal(cast("torch.Tensor", own), cast("torch.Tensor", value))
                ours.attributes[name] = cast("torch.Tensor", value).clone()
    return differed


def _fits(own: object, value: object) -> bool:
    if not (isinstance(own, torch.Tensor) and isinstance(value, torch.Tensor)):
        return False
    return own.shape == value.shape and own.dtype == value.dtype


class _Program(NamedTuple):
    """One of the two programs of a request."""

    path: str
    name: str
    module_path: str
    method: str
    compiled: bool

    @classmethod
    def first(cls, asked: CompareRuns) -> _Program:
        return cls(asked.path, asked.name, asked.module_path, asked.method, asked.compiled)

    @classmethod
    def second(cls, asked: CompareRuns) -> _Program:
        return cls(
            asked.other_path, asked.other_name, asked.other_module_path, asked.other_method,
            asked.other_compiled,
        )  # fmt: skip


def _side(
    request: CompareRuns, wanted: _Program, report: ProgressReport, files: HandedFiles, notes: list[str]
) -> Runnable:
    """One of the programs, with inputs of its own."""
    run = RunRequest(
        request.id, wanted.path, wanted.module_path, wanted.method, ["inline"], request.inputs,
        compiled=wanted.compiled, allow_files=request.allow_files,
    )  # fmt: skip
    found: list[str] = []
    device = usable_device("cpu")
    program = FreshProgram(run, files, device, report.print_text, found)
    notes.extend(f"{wanted.name}: {note}" for note in found)
    return program.runnable(make_inputs(request.inputs, request.seed, device, files))
