"""Supervises the runner: starts it when it is needed, notices its death, kills it to cancel."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import cast

from jitcore.archive.opened_file import OpenedFile, descriptor_of
from jitviewer.confinement.policy import Role
from jitviewer.engine.reply_budget import ReplyBudget
from jitviewer.launching.processes import RunnerProcess
from jitviewer.launching.surroundings import surroundings
from jitviewer.protocol.bounds import REPLY
from jitviewer.protocol.framing import MAX_FRAME, FrameError, encode, read_messages
from jitviewer.protocol.runner_messages import AnyRunnerReply, AnyRunnerRequest, HandedFile, TakeFiles

File = str | OpenedFile | int | OSError
"""What is handed to a runner: a path, an open file, a descriptor to write to; or why there is none."""


class RunnerDied:
    """The runner process ended by itself; `sentence` says how."""

    __slots__ = ("generation", "sentence")

    def __init__(self, generation: int, sentence: str) -> None:
        self.generation = generation
        self.sentence = sentence


RunnerNews = AnyRunnerReply | RunnerDied

Starter = Callable[[Role, tuple[str, ...]], RunnerProcess]
"""Starts a process for a role, which loads libraries."""


class RunnerLink:
    """The runner as seen from the engine.

    `deliver` is called from a reader thread with every reply, and with `RunnerDied` when a runner
    that nobody killed is gone. A killed runner is forgotten at once: nothing of it is delivered. `role` is
    what the runner is for, `document` whose it is if it is of one; `start` starts the process.
    """

    def __init__(
        self,
        deliver: Callable[[RunnerNews], None],
        role: Role = Role.RUNNER,
        document: int = 0,
        start: Starter | None = None,
    ) -> None:
        self._deliver = deliver
        self._role = role
        self._running_as = role
        self._libraries: tuple[str, ...] = ()
        self._start_process = start or (
            lambda role, libraries: surroundings().start(role, document, libraries)
        )
        self._process: RunnerProcess | None = None
        self._generation = 0
        self._budget = ReplyBudget()
        self._lock = threading.Lock()

    @property
    def is_running(self) -> bool:
        """Whether a runner process exists now."""
        return self._process is not None and self._process.is_running()

    def send(
        self,
        request: AnyRunnerRequest,
        files: Mapping[str, File] | None = None,
        role: Role | None = None,
        libraries: tuple[str, ...] | None = None,
    ) -> None:
        """Hand a request to the runner, starting one if there is none. Raises `OSError` if that fails.

        Of one that has ended since, `RunnerDied` is delivered.
        `files` are what it names by their paths. With a `role` or `libraries` that the present process has
        not, another starts.
        """
        wanted = role or (self._running_as if self.is_running else self._role)
        is_other = libraries is not None and libraries != self._libraries
        if self.is_running and (wanted is not self._running_as or is_other):
            self.kill()
        if libraries is not None:
            self._libraries = libraries
        with self._lock:
            if self._process is None or not self._process.is_running():
                self._begin(wanted)
            process = self._process
            self._budget.ask(request)
        if process is None:
            return
        frame = encode(request)
        # Of a process that has ended the reader tells, as `RunnerDied`.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            if files and process.takes_files:
                _hand(process, request.id, files)
            process.send(frame)

    def kill(self) -> None:
        """End the runner now, whatever it does, with everything it started."""
        with self._lock:
            process, self._process = self._process, None
            self._generation += 1
        if process is not None:
            process.kill()

    def _begin(self, role: Role) -> None:
        self._generation += 1
        process = self._start_process(role, self._libraries)
        self._process, self._running_as = process, role
        self._budget = ReplyBudget()
        reader = threading.Thread(
            target=self._read,
            args=(process, self._generation, role, self._budget),
            name="runner-reader",
            daemon=True,
        )
        reader.start()

    def _read(self, process: RunnerProcess, generation: int, role: Role, budget: ReplyBudget) -> None:
        why = ""
        try:
            kind = cast("type[AnyRunnerReply]", AnyRunnerReply)
            is_ours = role is Role.PERSON
            for reply in read_messages(process.replies, kind, MAX_FRAME if is_ours else REPLY):
                budget.check(reply)
                if not is_ours:
                    budget.take(reply)
                if generation != self._generation:
                    return
                self._deliver(reply)
        except FrameError as error:
            why = f"The runner sent something that is no message: {error}."
            process.kill()
        except (OSError, ValueError):
            # The pipe was closed under us because the runner was killed.
            return
        if generation != self._generation:
            return
        try:
            code = process.wait()
        except OSError:
            # Whoever supervises us is gone, and we go with it.
            return
        if generation == self._generation:
            self._deliver(RunnerDied(generation, why or death_sentence(code)))


def _hand(process: RunnerProcess, number: int, files: Mapping[str, File]) -> None:
    """Send descriptors of files, or why there are none."""
    rows: list[HandedFile] = []
    handed: list[int] = []
    with ExitStack() as after:
        for path, file in files.items():
            try:
                if isinstance(file, OSError):
                    raise file
                handed.append(_opened(file, after))
                rows.append(HandedFile(path))
            except OSError as error:
                rows.append(HandedFile(path, error.errno or errno.EIO))
        process.send(encode(TakeFiles(number, rows)), handed)


def _opened(file: str | OpenedFile | int, after: ExitStack) -> int:
    if isinstance(file, int):
        return file
    descriptor = descriptor_of(file)
    after.callback(os.close, descriptor)
    return descriptor


_SIGNAL_MEANINGS = {
    "SIGKILL": "it was killed, or the machine ran out of memory",
    "SIGSEGV": "it crashed in native code",
    "SIGABRT": "it aborted in native code",
    "SIGFPE": "a machine arithmetic error",
    "SIGBUS": "a file that it read was cut short or written over",
}


def death_sentence(code: int) -> str:
    """How a process ended, in a sentence."""
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        meaning = _SIGNAL_MEANINGS.get(name)
        return f"The runner died of {name}" + (f" ({meaning})." if meaning else ".")
    return f"The runner ended unexpectedly with exit status {code}."
