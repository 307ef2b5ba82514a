"""Answers the requests of the engine, one after the other."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, BinaryIO, cast

from jitviewer.protocol.framing import read_messages
from jitviewer.protocol.runner_messages import (
    AnyRunnerRequest,
    Devices,
    EvaluateRequest,
    ListDevices,
    Ping,
    Pong,
    RunRequest,
    Shutdown,
)  # fmt: skip
from jitviewer.runner.replies import ReplyPipe

if TYPE_CHECKING:
    from jitviewer.protocol.runner_messages import RunnerRequest


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Read requests until the stream ends or one asks to shut down."""
    pipe = ReplyPipe(replies)
    kind = cast("type[RunnerRequest]", AnyRunnerRequest)
    for request in read_messages(requests, kind):
        if isinstance(request, Shutdown):
            return
        _answer(request, pipe)


def _answer(request: RunnerRequest, pipe: ReplyPipe) -> None:
    # Torch is imported with the first request that needs it, so that a runner starts at once.
    if isinstance(request, RunRequest):
        from jitviewer.runner.running import answer_run

        answer_run(request, pipe)
    elif isinstance(request, EvaluateRequest):
        from jitviewer.runner.evaluating import answer_evaluate

        pipe.send(answer_evaluate(request))
    elif isinstance(request, ListDevices):
        from jitviewer.runner.devices import list_devices

        pipe.send(Devices(request.id, list_devices()))
    elif isinstance(request, Ping):
        import torch

        pipe.send(Pong(request.id, str(torch.__version__), platform.python_version()))
