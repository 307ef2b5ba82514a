"""Answers requests that run one program or two, and says in one sentence why there is no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch

from jitcore.exec.errors import ExecutionError
from jitcore.exec.plan_places import FAILURES
from jitcore.source import JitError
from jitviewer.free_memory import give_back
from jitviewer.protocol.bounds import SENTENCE, cut, cut_block
from jitviewer.protocol.runner_messages import RunFailed
from jitviewer.runner.memory_limit import MemoryLimit, is_out_of_memory

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitviewer.protocol.compared_run import ComparedRun
    from jitviewer.protocol.comparison_messages import CompareRuns
    from jitviewer.protocol.runner_messages import AnyRunnerReply
    from jitviewer.runner.replies import ProgressReport, ReplyPipe

_NO_NODE: Final = -1
"""Of which of the graphs a node is that failed, an answer could not tell."""


def send_answer(
    request: CompareRuns | ComparedRun,
    pipe: ReplyPipe,
    report: ProgressReport,
    answer: Callable[[], AnyRunnerReply],
) -> None:
    """Send what `answer` gives within the memory of the request, or `RunFailed`; reports come before it."""
    limit = MemoryLimit(request.memory, request.memory_advice)
    try:
        with limit.hold(beyond=request.path), report, torch.no_grad():
            reply = answer()
    except ExecutionError as error:
        said = limit.sentence() if is_out_of_memory(error) else str(error)
        reply = RunFailed(request.id, cut(said, SENTENCE), cut_block(error.traceback), _NO_NODE)
    except JitError as error:
        reply = RunFailed(request.id, cut(str(error), SENTENCE), "", _NO_NODE)
    except FAILURES as error:
        said = limit.sentence() if is_out_of_memory(error) else f"{type(error).__name__}: {error}"
        reply = RunFailed(request.id, cut(said, SENTENCE), "", _NO_NODE)
    pipe.send(reply)
    give_back()
