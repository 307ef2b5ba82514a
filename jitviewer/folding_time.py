"""How long constants may be computed for one pipeline: by the engine, and alike by a run that repeats it."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager

from jitcore.source import JitError

MOST_SECONDS = 60.0


class FoldingTimeError(JitError):
    """Computing constants took too long.

    It fails the whole pass: what was folded in time depends on the machine, and a graph of which half is
    folded would have other numbers of nodes wherever it is made again.
    """

    def __init__(self) -> None:
        super().__init__(
            f"computing its constants took more than {MOST_SECONDS:.0f} s in all and was given up"
        )


class FoldingTime:
    """The time of one pipeline. Attribute: `left`, in seconds."""

    def __init__(self) -> None:
        self.left = MOST_SECONDS

    @contextmanager
    def spending(self) -> Generator[float]:
        """Count the time of the context, which gets what is left. Raises `FoldingTimeError` if nothing is."""
        if self.left <= 0:
            raise FoldingTimeError
        started = time.monotonic()
        try:
            yield self.left
        finally:
            self.left -= time.monotonic() - started
