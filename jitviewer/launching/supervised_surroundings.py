"""What a confined process has: what it was granted, and what its supervisor gives it."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

from jitcore.archive.opened_file import OpenedFile
from jitviewer.launching.descriptors import DescriptorStream, send_all
from jitviewer.launching.messages import (
    Answer,
    AwaitProcess,
    BeginOutput,
    EndOutput,
    EndProcess,
    MakeScratch,
    OpenFile,
    Question,
    StartProcess,
)  # fmt: skip
from jitviewer.launching.request_pipe import RequestPipe
from jitviewer.protocol.framing import encode, read_messages

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from jitviewer.confinement import Confinement, Role
    from jitviewer.launching.processes import RunnerProcess
    from jitviewer.launching.surroundings import File


class SupervisedSurroundings:
    """The `Surroundings` of a confined process: it asks its supervisor. May be used by any thread."""

    def __init__(self, link: socket.socket, confinement: Confinement) -> None:
        self.confinement = confinement
        self._link = link
        self._stream = DescriptorStream(link)
        self._answers = read_messages(cast("BinaryIO", self._stream), Answer)
        self._lock = threading.Lock()

    def start(self, role: Role, document: int = 0, libraries: tuple[str, ...] = ()) -> RunnerProcess:
        """See `Surroundings`."""
        answer, (requests, replies) = self.ask(StartProcess(role.value, document, libraries))
        return HandedProcess(self, answer.number, requests, replies, answer.takes_files)

    def open(self, path: str) -> File:
        """See `Surroundings`."""
        _, (descriptor,) = self.ask(OpenFile(path))
        return OpenedFile(path, descriptor)

    def scratch(self, name: str) -> File:
        """See `Surroundings`."""
        _, (descriptor,) = self.ask(MakeScratch())
        return OpenedFile(name, descriptor)

    @contextmanager
    def output(self, path: str) -> Generator[BinaryIO]:
        """See `Surroundings`."""
        _, (descriptor,) = self.ask(BeginOutput(path))
        try:
            with os.fdopen(descriptor, "wb") as stream:
                yield stream
        except BaseException:
            self.ask(EndOutput(path, is_kept=False))
            raise
        self.ask(EndOutput(path, is_kept=True))

    def ask(self, question: Question) -> tuple[Answer, list[int]]:
        """The answer, and the descriptors that came with it. Raises `OSError`."""
        with self._lock:
            send_all(self._link, encode(question), [])
            answer = next(self._answers, None)
            if answer is None:
                raise BrokenPipeError("the supervising process is gone")
            received = list(self._stream.received)
            self._stream.received.clear()
        if answer.error:
            raise OSError(answer.error, answer.sentence)
        return answer, received


class HandedProcess:
    """A `RunnerProcess` that the supervisor started."""

    def __init__(
        self, owner: SupervisedSurroundings, number: int, requests: int, replies: int, takes_files: bool
    ) -> None:
        self._owner = owner
        self._number = number
        self._has_ended = False
        self._requests = RequestPipe(
            socket.socket(fileno=requests) if takes_files else os.fdopen(requests, "wb", buffering=0)
        )
        self.takes_files = takes_files
        self.replies: BinaryIO = os.fdopen(replies, "rb")

    def send(self, data: bytes, descriptors: Sequence[int] = ()) -> None:
        """See `RunnerProcess`."""
        self._requests.send(data, descriptors)

    def is_running(self) -> bool:
        """See `RunnerProcess`."""
        return not self._has_ended

    def kill(self) -> None:
        """See `RunnerProcess`."""
        self._has_ended = True
        self._owner.ask(EndProcess(self._number))
        self._close()

    def wait(self) -> int:
        """See `RunnerProcess`."""
        self._has_ended = True
        answer, _ = self._owner.ask(AwaitProcess(self._number))
        self._close()
        return answer.number

    def _close(self) -> None:
        self._requests.close()
        self.replies.close()
