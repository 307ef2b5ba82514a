"""Answers the requests of the engine, one after the other."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, BinaryIO, cast

from jitviewer.launching.descriptors import DescriptorStream
from jitviewer.protocol.bounds import SENTENCE, cut
from jitviewer.protocol.compared_run import ComparedRun
from jitviewer.protocol.comparison_messages import CompareRuns
from jitviewer.protocol.framing import read_messages
from jitviewer.protocol.golden_messages import GoldenRun
from jitviewer.protocol.pipeline_messages import ComparePipelines
from jitviewer.protocol.runner_messages import (
    AnyRunnerRequest,
    Devices,
    EvaluateRequest,
    ListDevices,
    LookAtKept,
    Ping,
    Pong,
    RunFailed,
    RunRequest,
    Shutdown,
    TakeFiles,
)  # fmt: skip
from jitviewer.protocol.script_messages import (
    CompareScriptable,
    CompileScriptable,
    OpenScript,
    ProposeInputs,
    RenderScriptable,
)
from jitviewer.runner.handed_files import HandedFiles
from jitviewer.runner.replies import ReplyPipe

if TYPE_CHECKING:
    from jitviewer.confinement import Confinement
    from jitviewer.protocol.runner_messages import RunnerRequest
    from jitviewer.runner.running import KeptRun
    from jitviewer.runner.scripting import ScriptFiles


def serve(
    requests: BinaryIO | DescriptorStream,
    replies: BinaryIO,
    confinement: Confinement,
    libraries: tuple[str, ...] = (),
) -> None:
    """Read requests until the stream ends or one asks to shut down; before a run, load `libraries`."""
    pipe = ReplyPipe(replies)
    kind = cast("type[RunnerRequest]", AnyRunnerRequest)
    files = HandedFiles()
    server = _Server(pipe, files, confinement, libraries)
    for request in read_messages(cast("BinaryIO", requests), kind):
        if isinstance(request, Shutdown):
            return
        if isinstance(request, TakeFiles):
            if isinstance(requests, DescriptorStream):
                files.take(request.files, requests)
        else:
            server.answer(request)


class _Server:
    """Answers requests; knows what the last run kept, and the Python files that were executed."""

    def __init__(
        self, pipe: ReplyPipe, files: HandedFiles, confinement: Confinement, libraries: tuple[str, ...]
    ) -> None:
        self._pipe = pipe
        self._files = files
        self._confinement = confinement
        self._libraries = libraries
        self._refusal: str | None = None
        self._kept: KeptRun | None = None
        self._scripts: ScriptFiles | None = None

    def answer(self, request: RunnerRequest) -> None:
        """Answer one request."""
        # Torch is imported with the first request that needs it, so that a runner starts at once.
        if isinstance(request, RunRequest | CompareRuns | ComparedRun):
            refusal = self._load_libraries()
            if refusal:
                self._pipe.send(RunFailed(request.id, cut(refusal, SENTENCE), "", -1))
            else:
                self._run(request)
        elif isinstance(
            request, OpenScript | CompileScriptable | ProposeInputs | RenderScriptable | CompareScriptable
        ):
            from jitviewer.runner.scripting import ScriptFiles

            self._scripts = self._scripts or ScriptFiles(self._files, self._pipe.send)
            self._pipe.send(self._scripts.answer(request))
        elif isinstance(request, LookAtKept):
            from jitviewer.runner.value_looks import answer_look

            self._pipe.send(answer_look(request, self._kept.values if self._kept is not None else None))
        elif isinstance(request, Ping):
            import torch

            is_confined = self._confinement.has_pipes_only
            versions = str(torch.__version__), platform.python_version()
            self._pipe.send(Pong(request.id, *versions, is_confined))
        else:
            _answer(request, self._pipe)

    def _run(self, request: RunRequest | CompareRuns | ComparedRun) -> None:
        if isinstance(request, RunRequest):
            from jitviewer.runner.running import KeptRun, answer_run

            self._kept = self._kept or KeptRun()
            answer_run(request, self._pipe, self._kept, self._files)
        elif isinstance(request, CompareRuns):
            from jitviewer.runner.comparing import answer_comparison

            answer_comparison(request, self._pipe, self._files)
        elif isinstance(request, GoldenRun):
            from jitviewer.runner.golden_runs import answer_golden

            answer_golden(request, self._pipe, self._files)
        elif isinstance(request, ComparePipelines):
            from jitviewer.runner.comparing_pipelines import answer_pipelines

            answer_pipelines(request, self._pipe, self._files)

    def _load_libraries(self) -> str:
        """Load them with the first run; why that cannot be done, if so."""
        if self._refusal is None:
            self._refusal = ""
            if self._libraries:
                from jitviewer.runner.libraries import load_libraries

                self._refusal = load_libraries(self._libraries)
        return self._refusal


def _answer(request: RunnerRequest, pipe: ReplyPipe) -> None:
    """Answer what needs nothing of earlier requests."""
    if isinstance(request, EvaluateRequest):
        from jitviewer.runner.evaluating import answer_evaluate

        pipe.send(answer_evaluate(request))
    elif isinstance(request, ListDevices):
        from jitviewer.runner.devices import list_devices

        pipe.send(Devices(request.id, list_devices()))
