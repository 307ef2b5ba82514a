"""Runs of documents: one at a time in the runner, the others waiting; cancelled by killing it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from jitcore.ops.releases import why_untested
from jitviewer.engine.handing_files import send_run
from jitviewer.engine.runner_link import File, RunnerDied, RunnerLink, RunnerNews
from jitviewer.protocol import events
from jitviewer.protocol.bounds import BLOCK, NAME, PATH, SPEC, VALUES, cut, cut_block, within
from jitviewer.protocol.framing import UnsentMessageError
from jitviewer.protocol.runner_messages import (
    Devices,
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
)  # fmt: skip

PRINTED_LIMIT = BLOCK


@dataclass(slots=True)
class _Job:
    """A run; `place` is the module and method as the window knows them, `files` what it reads.

    `limit` is its time in seconds.
    """

    document: int
    request: RunRequest
    place: tuple[str, str]
    files: Mapping[str, File]
    limit: int = 0
    printed: list[str] = field(default_factory=list)
    printed_size: int = 0


@dataclass(slots=True, frozen=True)
class RunOverdue:
    """The time of the run with this number is over."""

    run: int


@dataclass(slots=True)
class _Look:
    """A value that a document wants to see, until the runner answers."""

    document: int
    name: str
    node_id: int
    index: int


_NO_VALUES = "Only the values of the newest run are kept, and that was another one. Run this method again."
_VALUES_LOST = "The values of the last run went with its process. Run again to look at them."


class Runs:
    """Hands runs to the runner and its answers to `emit`, as events of the document concerned.

    `finished` is told of each result, with the place and the passes that were run, before its event is sent.
    `deliver` is called from another thread when a run takes longer than it may; `handle` ends it.
    """

    def __init__(
        self,
        link: RunnerLink,
        emit: Callable[[events.Event], None],
        finished: Callable[[int, tuple[str, str], list[str], RunResult], None] = lambda *_: None,
        deliver: Callable[[RunOverdue], None] = lambda _: None,
    ) -> None:
        self._link = link
        self._emit = emit
        self._finished = finished
        self._deliver = deliver
        self._timer: threading.Timer | None = None
        self._kept_run = 0
        self._kept_of = 0
        self._looks: dict[int, _Look] = {}
        self._counts: dict[int, int] = {}
        self._active: _Job | None = None
        self._waiting: deque[_Job] = deque()
        self._devices_asked_by: list[int] = []
        self._versions_are_asked = False
        self._next_id = 1

    def new_id(self) -> int:
        """A number for a request to the runner."""
        self._next_id += 1
        return self._next_id

    def start(
        self,
        document: int,
        request: RunRequest,
        place: tuple[str, str] | None = None,
        files: Mapping[str, File] | None = None,
        limit: int = 0,
    ) -> None:
        """Run now, or when the runs before are done. A document has one run: an older one is cancelled.

        `place` is the module path and method as the window knows them, where the archive has others. `files`
        are open, by the paths that the request has for them. `limit` is what the run may take in seconds, 0
        for as long as it takes.
        """
        self.cancel(document, quietly=True)
        shown = place or (request.module_path, request.method)
        self._waiting.append(_Job(document, request, shown, files or {}, limit))
        self._emit(events.RunStarted(document))
        self._next()

    def cancel(self, document: int, quietly: bool = False) -> None:
        """Stop the run of a document, if it has one."""
        for job in list(self._waiting):
            if job.document == document:
                self._waiting.remove(job)
                self._stopped(job, "cancelled", "The run was cancelled before it began.", quietly)
        if self._active is not None and self._active.document == document:
            self._end(self._active, "cancelled", "The run was cancelled; its process was ended.", quietly)

    def _end(self, job: _Job, reason: str, sentence: str, quietly: bool = False) -> None:
        """End the process of the run that is active, and go on with the next."""
        self._active = None
        self._link.kill()
        self._forget_values()
        self._stopped(job, reason, sentence, quietly)
        self._next()

    def look(self, document: int, name: str, node_id: int, index: int, part: tuple[int, int, int]) -> None:
        """Ask for a value of the last run of a document; `part` is slice, first row and first column."""
        if self._kept_of != document or not self._kept_run:
            sentence = _NO_VALUES if self._kept_of != document else _VALUES_LOST
            self._emit(events.ValueLooked(document, name, node_id, index, None, sentence))
            return
        number = self.new_id()
        self._looks[number] = _Look(document, name, node_id, index)
        try:
            self._link.send(LookAtKept(number, self._kept_run, node_id, index, *part))
        except OSError as error:
            del self._looks[number]
            sentence = f"The runner does not answer: {error}."
            self._emit(events.ValueLooked(document, name, node_id, index, None, sentence))

    def _forget_values(self) -> None:
        """The process that kept values is gone."""
        self._kept_run = 0
        for look in self._looks.values():
            self._emit(
                events.ValueLooked(look.document, look.name, look.node_id, look.index, None, _VALUES_LOST)
            )
        self._looks.clear()

    def ask_devices(self, document: int) -> None:
        """List the devices, for a document."""
        self._devices_asked_by.append(document)
        try:
            self._link.send(ListDevices(self.new_id()))
        except OSError as error:
            self._devices_asked_by.remove(document)
            self._emit(events.Notice(document, "error", f"The runner does not start: {error}."))

    def ask_versions(self) -> None:
        """Tell what the runner runs with."""
        self._versions_are_asked = True
        try:
            self._link.send(Ping(self.new_id()))
        except OSError as error:
            self._tell_versions([("torch", f"the runner does not start: {error}")])

    def _tell_versions(self, versions: list[tuple[str, str]]) -> None:
        self._versions_are_asked = False
        self._emit(events.VersionsTold(0, versions))

    def handle(self, news: RunnerNews | RunOverdue) -> None:
        """Take what came from the runner, or that a run takes longer than it may."""
        job = self._active
        match news:
            case RunOverdue(run=run):
                if job is not None and job.request.id == run:
                    sentence = (
                        f"The run took more than {job.limit:,} s and its process was ended. "
                        "Allow more in the form, or cancel runs by hand."
                    )
                    self._end(job, "overdue", sentence)
            case RunnerDied(sentence=sentence):
                self._devices_asked_by.clear()
                if self._versions_are_asked:
                    self._tell_versions([("torch", sentence)])
                self._forget_values()
                if job is not None:
                    self._active = None
                    hint = " A new one starts with the next run; the document is as it was."
                    self._stopped(job, "died", sentence + hint, quietly=False)
                    self._next()
            case Devices(devices=devices):
                for document in self._devices_asked_by:
                    self._emit(events.DevicesListed(document, devices))
                self._devices_asked_by.clear()
            case Pong(torch_version=torch, python_version=python, is_confined=is_confined):
                confined = ("Runner confined", "yes" if is_confined else "no")
                untested = [("Tested", why)] if (why := why_untested(torch)) else []
                self._tell_versions([("torch", torch), *untested, ("Python of the runner", python), confined])
            case ValueSeen(id=number, look=look, why_not=why_not):
                asked = self._looks.pop(number, None)
                if asked is not None:
                    sentence = why_not[:1].upper() + why_not[1:] + "." if why_not else ""
                    self._emit(
                        events.ValueLooked(
                            asked.document, asked.name, asked.node_id, asked.index, look, sentence
                        )
                    )
            case _ if job is None or news.id != job.request.id:
                return
            case RunProgress(stage=stage, done=done, total=total, elapsed_s=elapsed, expected_s=expected):
                self._emit(events.RunMoved(job.document, stage, done, total, elapsed, expected))
            case RunPrinted(text=text):
                if job.printed_size < PRINTED_LIMIT:
                    job.printed.append(text[: PRINTED_LIMIT - job.printed_size])
                    job.printed_size += len(text)
            case RunResult() if job.request.staged:
                self._active = None
                self._emit(_staged(job, news))
                self._next()
            case RunResult():
                self._active = None
                self._finished(job.document, job.place, job.request.passes, news)
                number = self._counts[job.document] = self._counts.get(job.document, 0) + 1
                self._emit(_done(job, news, number))
                self._next()
            case RunFailed():
                self._active = None
                self._emit(_failed(job, news))
                self._next()
            case _:
                return

    def close(self) -> None:
        """Wait for no run any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _next(self) -> None:
        if self._active is not None:
            return
        self.close()
        if not self._waiting:
            return
        job = self._waiting.popleft()
        try:
            send_run(self._link, job.request, job.files)
        except OSError as error:
            self._stopped(job, "died", f"The runner does not start: {error}.", quietly=False)
            return
        except UnsentMessageError as error:
            self._stopped(job, "failed", str(error), quietly=False)
            self._next()
            return
        self._active = job
        if job.limit:
            # A thread waits, since the engine may be busy, and the program is not asked to look at a clock.
            self._timer = threading.Timer(job.limit, self._deliver, (RunOverdue(job.request.id),))
            self._timer.daemon = True
            self._timer.start()
        # Whatever the runner kept makes room for the values of this run, of which stages have none.
        self._kept_run, self._kept_of = job.request.id, 0 if job.request.staged else job.document

    def _stopped(self, job: _Job, reason: str, sentence: str, quietly: bool) -> None:
        if not quietly:
            self._emit(events.RunStopped(job.document, reason, sentence, "", -1))


def told_place(module_path: str, method: str) -> tuple[str, str]:
    """A module and a method as the window is told of them."""
    return cut(module_path, PATH), cut(method, NAME)


def _failed(job: _Job, failure: RunFailed) -> events.RunStopped:
    # Nodes of a stage are those of a graph that nobody sees.
    node = -1 if job.request.staged else failure.node_id
    return events.RunStopped(
        job.document, "failed", failure.sentence, failure.traceback, node, failure.times,
        *told_place(*job.place), job.request.passes,
    )  # fmt: skip


def _staged(job: _Job, result: RunResult) -> events.StagesDone:
    printed = cut_block("".join(job.printed))
    return events.StagesDone(job.document, *told_place(*job.place), result.stages, result.notes, printed)


def _done(job: _Job, result: RunResult, number: int) -> events.RunDone:
    request = job.request
    return events.RunDone(
        job.document, result.outputs, result.times, result.wall_us, result.device, result.notes,
        cut_block("".join(job.printed)), number, *told_place(*job.place), request.passes,
        [cut(text, SPEC) for text in within(request.inputs, VALUES, len)], result.spans,
        result.kept, result.first_nan, result.memory, result.machine,
    )  # fmt: skip
