"""Sends replies, and tells about every 100 ms how far a run is."""

from __future__ import annotations

import os
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from jitviewer.protocol.bounds import PRINTED
from jitviewer.protocol.framing import UnsentMessageError, encode
from jitviewer.protocol.refusals import instead_of_reply
from jitviewer.protocol.runner_messages import RunPrinted, RunProgress

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitviewer.protocol.runner_messages import RunnerReply

BEAT_S = 0.1
"""Seconds between two reports of progress."""

ENGINE_IS_GONE = 1
"""Exit status of a runner in the middle of a run that nobody waits for any more."""


class ReplyPipe:
    """Writes whole frames to the pipe, from any thread."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, reply: RunnerReply) -> None:
        """Write one reply, or that it is too large."""
        try:
            rest = memoryview(encode(reply))
        except UnsentMessageError as error:
            rest = memoryview(encode(instead_of_reply(reply, str(error))))
        with self._lock:
            while rest:
                rest = rest[self._stream.write(rest) or 0 :]


class TrialReport:
    """Reports how many inputs a diagnosis has tried, every `BEAT_S` at most."""

    def __init__(self, request_id: int, send: Callable[[RunProgress], object]) -> None:
        self._id = request_id
        self._send = send
        self._begun = self._last = time.perf_counter()

    def tried(self, count: int) -> None:
        """One more was tried, `count` in all."""
        now = time.perf_counter()
        if count == 1 or now - self._last >= BEAT_S:
            self._last = now
            self._send(RunProgress(self._id, "trying inputs", count, 0, now - self._begun))


class ProgressReport:
    """Reports on one run while the context is open: at once when the stage changes, else every `BEAT_S`.

    What the program prints is sent along with the reports.
    """

    def __init__(self, pipe: ReplyPipe, request_id: int, total: int, warmup: int = 0) -> None:
        self._pipe = pipe
        self._id = request_id
        self._total = total
        self._stage = ""
        self._done = 0
        self._warmup = warmup
        self._warmed_up = 0
        self._newest: float | None = None
        self._begun: float | None = None
        self._start = time.perf_counter()
        self._printed: list[str] = []
        self._room = PRINTED
        self._dropped = 0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="progress", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        if self._dropped:
            with self._lock:
                self._printed.append(f"\n[{self._dropped} more characters were printed]\n")
        self._flush()

    def stage(self, name: str) -> None:
        """Say what the run does now."""
        self._stage = name
        if name in ("warm-up", "running") and self._begun is None:
            self._begun = time.perf_counter()
        self._report()

    def step(self, warms_up: bool) -> None:
        """One more repeat is done, or one more run to warm up."""
        if warms_up:
            self._warmed_up += 1
        else:
            self._done += 1
        self._newest = time.perf_counter()

    def print_text(self, text: str) -> None:
        """Take what the program printed."""
        with self._lock:
            kept = text[: self._room]
            self._room -= len(kept)
            self._dropped += len(text) - len(kept)
            if kept:
                self._printed.append(kept)

    def _beat(self) -> None:
        try:
            while not self._ended.wait(BEAT_S):
                self._flush()
                self._report()
        except BrokenPipeError:
            # The engine is gone: nobody would read the result, or ever cancel this run.
            os._exit(ENGINE_IS_GONE)

    def _flush(self) -> None:
        with self._lock:
            text = "".join(self._printed)
            self._printed.clear()
        if text:
            self._pipe.send(RunPrinted(self._id, text))

    def _report(self) -> None:
        elapsed = time.perf_counter() - self._start
        self._pipe.send(
            RunProgress(self._id, self._stage, self._done, self._total, elapsed, self._expected())
        )

    def _expected(self) -> float:
        """Seconds that the whole run takes if the runs to come take as long as those before."""
        runs = self._warmed_up + self._done
        if self._begun is None or self._newest is None or not runs:
            return 0.0
        each = (self._newest - self._begun) / runs
        return self._begun - self._start + each * (self._warmup + self._total)
