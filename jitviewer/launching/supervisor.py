"""Answers a confined process: starts runners for it and opens the files that the person named."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
from contextlib import ExitStack
from typing import TYPE_CHECKING, cast

from jitcore.whole_file import WholeFile
from jitviewer.confinement.policy import Role
from jitviewer.launching.descriptors import DescriptorStream, send_all
from jitviewer.launching.messages import (
    Answer,
    AnyQuestion,
    AwaitProcess,
    BeginOutput,
    EndOutput,
    EndProcess,
    MakeScratch,
    OpenFile,
    Question,
    StartProcess,
)  # fmt: skip
from jitviewer.launching.processes import OwnProcess, start_own
from jitviewer.launching.scratch import nameless_scratch
from jitviewer.protocol.framing import FrameError, encode, read_messages

if TYPE_CHECKING:
    from typing import BinaryIO

_LAST_SECONDS = 5
"""How long a process whose pipe has ended may take to end itself."""


class Named:
    """What the person named: files to `read`, files to `write`, documents whose Python was `trusted`.

    `libraries` are the words of what a runner may be told to load.
    `may_reach_files` is whether a run was ever allowed to reach files.
    """

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.write: set[str] = set()
        self.trusted: set[int] = set()
        self.libraries: set[str] = set()
        self.may_reach_files = False


class Supervisor:
    """Serves one confined process over a socket, and grants it what is in `named` and no more."""

    def __init__(self, link: socket.socket, named: Named) -> None:
        self._link = link
        self._named = named
        self._processes: dict[int, OwnProcess] = {}
        self._statuses: dict[int, int] = {}
        self._outputs: dict[str, WholeFile] = {}

    def serve(self) -> None:
        """Answer until the process is gone."""
        stream = cast("BinaryIO", DescriptorStream(self._link))
        try:
            for question in read_messages(stream, cast("type[Question]", AnyQuestion)):
                self._answer(question)
        except (FrameError, BrokenPipeError, ConnectionResetError):
            # Whatever it wants, it does not speak to us any more.
            return

    def end(self) -> None:
        """End what was started, and forget what was not written to its end."""
        for process in list(self._processes.values()):
            process.kill()
        self._processes.clear()
        for output in self._outputs.values():
            output.drop()
        self._outputs.clear()

    def _answer(self, question: Question) -> None:
        handed: list[int] = []
        with ExitStack() as after:
            try:
                answer = self._act(question, handed, after)
            except OSError as error:
                handed.clear()
                answer = Answer(error.errno or errno.EIO, 0, error.strerror or str(error))
            except ValueError as error:
                # A path with a zero in it is none, and a role that is not known is none.
                handed.clear()
                answer = Answer(errno.EINVAL, 0, str(error))
            send_all(self._link, encode(answer), handed)

    def _act(self, question: Question, handed: list[int], after: ExitStack) -> Answer:
        """Do what is asked. Descriptors in `handed` go along with the answer; `after` is done after it."""
        match question:
            case StartProcess():
                return self._start(question, handed, after)
            case EndProcess(number=number):
                return self._end_process(number)
            case AwaitProcess(number=number):
                return self._await(number)
            case OpenFile(path=path):
                if path not in self._named.read:
                    raise PermissionError(errno.EACCES, "nobody named it")
                opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
                after.callback(os.close, opened)
                handed.append(opened)
            case MakeScratch():
                handed.append(nameless_scratch())
                after.callback(os.close, handed[0])
            case BeginOutput(path=path):
                if path not in self._named.write:
                    raise PermissionError(errno.EACCES, "nobody named it")
                self._outputs[path] = WholeFile(path)
                handed.append(self._outputs[path].descriptor)
            case EndOutput(path=path, is_kept=is_kept):
                output = self._outputs.pop(path, None)
                if output is not None:
                    (output.keep if is_kept else output.drop)()
            case _:
                raise PermissionError(errno.EPERM, "that is no question")
        return Answer()

    def _start(self, question: StartProcess, handed: list[int], after: ExitStack) -> Answer:
        role, document = Role(question.role), question.document
        if role is Role.ENGINE or role is Role.REMOTE_RUNNER:
            raise PermissionError(errno.EPERM, f"{role.value} is not started on request")
        if role is Role.PERSON and document not in self._named.trusted:
            raise PermissionError(errno.EPERM, "the person did not trust this file")
        if role is Role.FILE_RUNNER and not self._named.may_reach_files:
            raise PermissionError(errno.EPERM, "no run was allowed to reach files")
        if not self._named.libraries.issuperset(question.libraries):
            raise PermissionError(errno.EPERM, "nobody named this library")
        process = start_own(role, question.libraries)
        number = process.process.pid
        self._processes[number] = process
        handed += [process.requests.fileno(), process.replies.fileno()]
        # The process sees the end of its requests when the one that asked for it closes its copy.
        after.callback(process.close)
        return Answer(number=number, takes_files=process.takes_files)

    def _end_process(self, number: int) -> Answer:
        process = self._processes.pop(number, None)
        if process is not None:
            process.kill()
            self._statuses[number] = process.process.returncode
        return Answer(number=self._statuses.get(number, 0))

    def _await(self, number: int) -> Answer:
        process = self._processes.pop(number, None)
        if process is not None:
            try:
                process.wait(_LAST_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            self._statuses[number] = process.process.returncode
        return Answer(number=self._statuses.get(number, 0))
