"""Notes when the operators of one run began and ended, and writes that as a Chrome trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.exec.errors import ExecutionError
from jitviewer.protocol.chrome_trace import chrome_trace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.exec.clocks import Clock, Mark
    from jitviewer.protocol.run_rows import MemoryPointRow, SpanRow
    from jitviewer.runner.handed_files import HandedFiles


class SpanClock:
    """A clock that also notes when each node began and ended while `is_noting`.

    The spans are those of the host: on CUDA they show when kernels were launched, not when they ran.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.is_noting = False
        self.spans: list[tuple[int, int, int]] = []
        self._starts: list[int] = []

    def now_ns(self) -> int:
        """See `Clock`."""
        return self._clock.now_ns()

    def host_ns(self) -> int:
        """See `Clock`."""
        return self._clock.host_ns()

    def collect(self) -> Sequence[tuple[int, int, int]]:
        """See `Clock`."""
        self._starts.clear()
        return self._clock.collect()

    def marks(self, number: int) -> tuple[Mark, Mark]:
        """See `Clock`."""
        begin_inner, end_inner = self._clock.marks(number)
        now, spans, starts = self._clock.host_ns, self.spans, self._starts

        def begin() -> None:
            starts.append(now())
            begin_inner()

        def end() -> None:
            end_inner()
            start = starts.pop()
            if self.is_noting:
                spans.append((number, start, now()))

        return begin, end

    def left_out(self, look: Callable[..., None]) -> Callable[..., None]:
        """See `Clock`."""
        return self._clock.left_out(look)


def write_trace(
    files: HandedFiles, path: str, spans: Sequence[SpanRow], memory: Sequence[MemoryPointRow]
) -> None:
    """Write spans and memory as a Chrome trace; raises `ExecutionError` if that cannot be done."""
    try:
        with files.to_write(path) as stream:
            stream.write(chrome_trace(spans, memory))
    except OSError as error:
        raise ExecutionError(f"{path} cannot be written: {error.strerror or error}") from error
