"""Measures how long nodes take: by the wall clock on the CPU, by events in the stream on CUDA."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence


Mark = Callable[[], None]


class Clock(Protocol):
    """Times the nodes of one graph run, over several runs of each.

    `marks` gives what begins and what ends a node that is known by a number; `left_out` gives a function
    whose time belongs to no node. `collect` ends a run: it gives for each number the total nanoseconds, the
    nanoseconds without nodes inside, and the calls, and starts anew. `now_ns` is a point in time when all
    work given so far is done, `host_ns` one that waits for nothing; on both no time passes in what is left
    out.
    """

    def marks(self, number: int) -> tuple[Mark, Mark]:
        """What is called before and after the node."""
        ...

    def left_out(self, look: Callable[..., None]) -> Callable[..., None]:
        """`look`, such that the time that it takes is no node's."""
        ...

    def collect(self) -> Sequence[tuple[int, int, int]]:
        """End a run."""
        ...

    def now_ns(self) -> int:
        """A point in time."""
        ...

    def host_ns(self) -> int:
        """A point in time of the host."""
        ...


class CpuClock:
    """Times by `time.perf_counter_ns` around each node."""

    def __init__(self, now: Callable[[], int] = time.perf_counter_ns) -> None:
        self._now = now
        self._total: list[int] = []
        self._inside: list[int] = []
        self._calls: list[int] = []
        # Of the nodes that run, outermost first: when each began, and the time of those inside it.
        self._starts: list[int] = []
        self._nested = [0]
        # Time that is not the program's, ever since the run began.
        self._skipped = [0]
        self._skipped_before: list[int] = []

    def now_ns(self) -> int:
        """The clock's time, without what was left out since the last `collect`."""
        return self._now() - self._skipped[0]

    def host_ns(self) -> int:
        """See `Clock`."""
        return self._now() - self._skipped[0]

    def marks(self, number: int) -> tuple[Mark, Mark]:
        """See `Clock`."""
        while number >= len(self._total):
            self._total.append(0)
            self._inside.append(0)
            self._calls.append(0)
        now, total, inside, calls = self._now, self._total, self._inside, self._calls
        starts, nested, skipped, skipped_before = (
            self._starts, self._nested, self._skipped, self._skipped_before,
        )  # fmt: skip

        def begin() -> None:
            nested.append(0)
            skipped_before.append(skipped[0])
            starts.append(now())

        def end() -> None:
            elapsed = now() - starts.pop() - skipped[0] + skipped_before.pop()
            total[number] += elapsed
            inside[number] += nested.pop()
            calls[number] += 1
            nested[-1] += elapsed

        return begin, end

    def left_out(self, look: Callable[..., None]) -> Callable[..., None]:
        """See `Clock`."""
        now, skipped = self._now, self._skipped

        def timed_look(*values: Any) -> None:
            start = now()
            look(*values)
            skipped[0] += now() - start

        return timed_look

    def collect(self) -> list[tuple[int, int, int]]:
        """See `Clock`."""
        found = [
            (total, total - inside, calls)
            for total, inside, calls in zip(self._total, self._inside, self._calls, strict=True)
        ]
        for counts in (self._total, self._inside, self._calls):
            counts[:] = [0] * len(counts)
        # A node that failed never ended.
        self._starts.clear()
        self._skipped_before.clear()
        self._nested[:] = [0]
        self._skipped[0] = 0
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

    A node's time is that of its kernels, with the gaps in which the device waited for them.
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
        self._running: list[tuple[int, Event]] = []
        self._spans: list[tuple[int, int, Event, Event]] = []

    def now_ns(self) -> int:
        """The wall clock's time once the device is idle."""
        self._synchronize()
        return time.perf_counter_ns()

    def host_ns(self) -> int:
        """See `Clock`."""
        return time.perf_counter_ns()

    def marks(self, number: int) -> tuple[Mark, Mark]:
        """See `Clock`."""
        self._count = max(self._count, number + 1)
        make_event, spans, stack, running = self._make_event, self._spans, self._open, self._running

        def begin() -> None:
            start = make_event()
            running.append((stack[-1], start))
            stack.append(number)
            start.record()

        def end() -> None:
            stop = make_event()
            stop.record()
            stack.pop()
            parent, start = running.pop()
            spans.append((number, parent, start, stop))

        return begin, end

    def left_out(self, look: Callable[..., None]) -> Callable[..., None]:
        """Looking waits for the device, and what it does there is the surrounding node's."""
        return look

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
        # A node that failed has no time itself, and those in it have.
        own = [max(0, nanoseconds) for nanoseconds in own]
        self._spans.clear()
        self._open[:] = [-1]
        self._running.clear()
        return list(zip(total, own, calls, strict=True))
