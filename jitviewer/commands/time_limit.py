"""A limit on the time of a command: whatever it does or waits for then is ended."""

from __future__ import annotations

import argparse
import math
import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

MOST_SECONDS = 1_000_000.0


class OutOfTimeError(BaseException):
    """The time of a command is over; `str()` says so.

    No `Exception`: nothing that handles errors on the way may take it for the failure of a pass or a file.
    Contexts end their processes as it passes.
    """


def add_time_limit(parser: argparse.ArgumentParser) -> None:
    """--time-limit."""
    parser.add_argument(
        "--time-limit", type=seconds, default=0.0, metavar="SECONDS",
        help="end what takes longer, loading and compiling included (default: no limit)",
    )  # fmt: skip


def seconds(text: str) -> float:
    """A number of seconds; 0 stands for no limit."""
    number = float(text)
    if not math.isfinite(number) or not 0 <= number <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"from 0, for no limit, to {MOST_SECONDS:.0f}")
    return number


@contextmanager
def limited(allowed: float, what: str) -> Generator[None]:
    """Context that is left with `OutOfTimeError` after so many seconds; 0 is no limit.

    The system's clock ends it, not the program: one that loops is in another process, which is killed.
    """
    if not allowed:
        yield
        return

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise OutOfTimeError(
            f"{what} took more than {allowed:g} s and was ended; allow more with --time-limit"
        )

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, allowed)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
