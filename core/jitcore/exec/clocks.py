"""Measures how long steps take: by the wall clock on the CPU, by events in the stream on CUDA."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.exec.steps import Frame, Step


class Clock(Protocol):
    """Times the steps of one graph run, over several calls of each.

    `timed` wraps a step that is known by a number; `look`, if given, is called after each run of
    it, and its time belongs to no step. `collect` ends a run: it gives for each number the total
    nanoseconds, the nanoseconds without steps inside, and the calls, and starts anew. `now_ns`
    is a point in time when all work given so far is done.
    """

    def timed(self, number: int, step: Step, look: Callable[[Frame], None] | None) -> Step:
        """The step to run in place of `step`."""
        ...

    def collect(self) -> Sequence[tuple[int, int, int]]:
        """End a run."""
        ...

    def now_ns(self) -> int:
        """A point in time."""
        ...


class CpuClock:
    """Times by `time.perf_counter_ns` around each step."""

    def __init__(self, now: Callable[[], int] = time.perf_counter_ns) -> None:
        self._now = now
        self._total: list[int] = []
        self._inside: list[int] = []
        self._calls: list[int] = []
        # Time of the steps that ran inside the current one, and of everything that is not the program's.
        self._nested = [0, 0]

    def now_ns(self) -> int:
        """The clock's time."""
        return self._now()

    def timed(self, number: int, step: Step, look: Callable[[Frame], None] | None) -> Step:
        """See `Clock`."""
        while number >= len(self._total):
            self._total.append(0)
            self._inside.append(0)
            self._calls.append(0)
        now, total, inside, calls, nested = self._now, self._total, self._inside, self._calls, self._nested

        def run_timed(frame: Frame) -> None:
            outer, nested[0] = nested[0], 0
            skipped = nested[1]
            start = now()
            step(frame)
            elapsed = now() - start - (nested[1] - skipped)
            total[number] += elapsed
            inside[number] += nested[0]
            calls[number] += 1
            nested[0] = outer + elapsed

        if look is None:
            return run_timed

        def run_timed_and_looked_at(frame: Frame) -> None:
            run_timed(frame)
            start = now()
            look(frame)
            nested[1] += now() - start

        return run_timed_and_looked_at

    def collect(self) -> list[tuple[int, int, int]]:
        """See `Clock`."""
        found = [
            (total, total - inside, calls)
            for total, inside, calls in zip(self._total, self._inside, self._calls, strict=True)
        ]
        for counts in (self._total, self._inside, self._calls):
            counts[:] = [0] * len(counts)
        self._nested[:] = [0, 0]
        return found


class Event(Protocol):
    """What is used of `torch.cuda.Event`."""

    def record(self) -> None:
        """Mark this place in the stream."""
        ...

    def elapsed_time(self, end_event: Any, /) -> float:
        """Milliseconds to the place that the other event marks."""
        ...


class CudaClock:
    """Times by events recorded in the current stream, so that the device is not waited for until `collect`.

    A step's time is that of its kernels, with the gaps in which the device waited for them.
    """

    def __init__(
        self,
        make_event: Callable[[], Event] = lambda: torch.cuda.Event(enable_timing=True),
        synchronize: Callable[[], None] = torch.cuda.synchronize,
    ) -> None:
        self._make_event = make_event
        self._synchronize = synchronize
        self._count = 0
        self._open = [-1]
        self._spans: list[tuple[int, int, Event, Event]] = []

    def now_ns(self) -> int:
        """The wall clock's time once the device is idle."""
        self._synchronize()
        return time.perf_counter_ns()

    def timed(self, number: int, step: Step, look: Callable[[Frame], None] | None) -> Step:
        """See `Clock`."""
        self._count = max(self._count, number + 1)
        make_event, spans, stack = self._make_event, self._spans, self._open

        def run_timed(frame: Frame) -> None:
            start, end = make_event(), make_event()
            parent = stack[-1]
            stack.append(number)
            start.record()
            step(frame)
            end.record()
            stack.pop()
            spans.append((number, parent, start, end))
            if look is not None:
                look(frame)

        return run_timed

    def collect(self) -> list[tuple[int, int, int]]:
        """See `Clock`."""
        self._synchronize()
        total, own, calls = [0] * self._count, [0] * self._count, [0] * self._count
        for number, parent, start, end in self._spans:
            elapsed = round(start.elapsed_time(end) * 1e6)
            total[number] += elapsed
            own[number] += elapsed
            calls[number] += 1
            if parent >= 0:
                own[parent] -= elapsed
        # A step that failed has no time itself, and those in it have.
        own = [max(0, nanoseconds) for nanoseconds in own]
        self._spans.clear()
        self._open[:] = [-1]
        return list(zip(total, own, calls, strict=True))
