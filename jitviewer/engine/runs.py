"""Runs of documents: one at a time in the runner, the others waiting; cancelled by killing it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from jitviewer.engine.runner_link import RunnerDied, RunnerLink, RunnerNews
from jitviewer.protocol import events
from jitviewer.protocol.runner_messages import (
    Devices,
    ListDevices,
    RunFailed,
    RunPrinted,
    RunProgress,
    RunRequest,
    RunResult,
)  # fmt: skip

PRINTED_LIMIT = 64 * 1024


@dataclass(slots=True)
class _Job:
    document: int
    request: RunRequest
    printed: list[str] = field(default_factory=list)
    printed_size: int = 0


class Runs:
    """Hands runs to the runner and its answers to `emit`, as events of the document concerned."""

    def __init__(self, link: RunnerLink, emit: Callable[[events.Event], None]) -> None:
        self._link = link
        self._emit = emit
        self._active: _Job | None = None
        self._waiting: deque[_Job] = deque()
        self._devices_asked_by: list[int] = []
        self._next_id = 1

    def new_id(self) -> int:
        """A number for a request to the runner."""
        self._next_id += 1
        return self._next_id

    def start(self, document: int, request: RunRequest) -> None:
        """Run now, or when the runs before are done. A document has one run: an older one is cancelled."""
        self.cancel(document, quietly=True)
        self._waiting.append(_Job(document, request))
        self._emit(events.RunStarted(document))
        self._next()

    def cancel(self, document: int, quietly: bool = False) -> None:
        """Stop the run of a document, if it has one."""
        for job in list(self._waiting):
            if job.document == document:
                self._waiting.remove(job)
                self._stopped(job, "cancelled", "The run was cancelled before it began.", quietly)
        if self._active is not None and self._active.document == document:
            job, self._active = self._active, None
            self._link.kill()
            self._stopped(job, "cancelled", "The run was cancelled; its process was ended.", quietly)
            self._next()

    def ask_devices(self, document: int) -> None:
        """List the devices, for a document."""
        self._devices_asked_by.append(document)
        try:
            self._link.send(ListDevices(self.new_id()))
        except OSError as error:
            self._devices_asked_by.remove(document)
            self._emit(events.Notice(document, "error", f"The runner does not start: {error}."))

    def handle(self, news: RunnerNews) -> None:
        """Take what came from the runner."""
        job = self._active
        match news:
            case RunnerDied(sentence=sentence):
                self._devices_asked_by.clear()
                if job is not None:
                    self._active = None
                    hint = " A new one starts with the next run; the document is as it was."
                    self._stopped(job, "died", sentence + hint, quietly=False)
                    self._next()
            case Devices(devices=devices):
                for document in self._devices_asked_by:
                    self._emit(events.DevicesListed(document, devices))
                self._devices_asked_by.clear()
            case _ if job is None or news.id != job.request.id:
                return
            case RunProgress(stage=stage, done=done, total=total, elapsed_s=elapsed):
                self._emit(events.RunMoved(job.document, stage, done, total, elapsed))
            case RunPrinted(text=text):
                if job.printed_size < PRINTED_LIMIT:
                    job.printed.append(text[: PRINTED_LIMIT - job.printed_size])
                    job.printed_size += len(text)
            case RunResult():
                self._active = None
                printed = "".join(job.printed)
                self._emit(
                    events.RunDone(
                        job.document, news.outputs, news.times, news.wall_us, news.device, news.notes, printed
                    )
                )
                self._next()
            case RunFailed(sentence=sentence, traceback=traceback, node_id=node_id):
                self._active = None
                self._emit(events.RunStopped(job.document, "failed", sentence, traceback, node_id))
                self._next()
            case _:
                return

    def _next(self) -> None:
        if self._active is not None or not self._waiting:
            return
        job = self._waiting.popleft()
        try:
            self._link.send(job.request)
        except OSError as error:
            self._stopped(job, "died", f"The runner does not start: {error}.", quietly=False)
            return
        self._active = job

    def _stopped(self, job: _Job, reason: str, sentence: str, quietly: bool) -> None:
        if not quietly:
            self._emit(events.RunStopped(job.document, reason, sentence, "", -1))
