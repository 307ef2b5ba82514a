"""Writes the operators of one run as a Chrome trace, which Perfetto and chrome://tracing open."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from jitcore.exec.errors import ExecutionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.exec.clocks import Clock
    from jitcore.exec.profiler import StepName
    from jitcore.exec.steps import Frame, Step


class SpanClock:
    """A clock that also notes when each step began and ended while `is_noting`.

    The spans are those of the host: on CUDA they show when kernels were launched, not when they ran.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.is_noting = False
        self.spans: list[tuple[int, int, int]] = []

    def now_ns(self) -> int:
        """See `Clock`."""
        return self._clock.now_ns()

    def collect(self) -> Sequence[tuple[int, int, int]]:
        """See `Clock`."""
        return self._clock.collect()

    def timed(self, number: int, step: Step, look: Callable[[Frame], None] | None) -> Step:
        """See `Clock`."""
        inner = self._clock.timed(number, step, look)
        now, spans = time.perf_counter_ns, self.spans

        def run_noted(frame: Frame) -> None:
            if not self.is_noting:
                inner(frame)
                return
            start = now()
            inner(frame)
            spans.append((number, start, now()))

        return run_noted


def write_trace(path: str, spans: Sequence[tuple[int, int, int]], names: Sequence[StepName]) -> None:
    """Write the spans, in microseconds from the first; raises `ExecutionError` if that cannot be done.

    Each event is called by its operator; `args` hold the node's id, and the function it stands in where
    that is not the one that was run.
    """
    begin = min((start for _, start, _ in spans), default=0)
    events: list[dict[str, object]] = []
    for number, start, end in sorted(spans, key=lambda span: (span[1], -span[2])):
        (function, node_id), kind = names[number]
        args: dict[str, object] = {"node": node_id}
        if function:
            args["function"] = function
        events.append(
            {
                "name": kind, "cat": kind.partition("::")[0], "ph": "X", "pid": 1, "tid": 1,
                "ts": (start - begin) / 1e3, "dur": (end - start) / 1e3, "args": args,
            }
        )  # fmt: skip
    try:
        Path(path).write_text(json.dumps({"traceEvents": events, "displayTimeUnit": "ms"}), encoding="utf-8")
    except OSError as error:
        raise ExecutionError(f"{path} cannot be written: {error.strerror or error}") from error
