"""Ends a command that takes longer than the person allows, whatever it does."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import NoReturn

_BAD_FILE = 1


class TimeLimit:
    """`seconds` for a command from now on; 0 is no limit."""

    def __init__(self, command: str, seconds: float) -> None:
        self._command = command
        self._seconds = seconds

    def set_alarm(self, tidy_up: Callable[[], None]) -> None:
        """Where the system has alarms: once the time is over, tidy up, say so and end this process."""

        def end(_number: int, _frame: FrameType | None) -> NoReturn:
            tidy_up()
            self._end()

        if self._seconds:
            signal.signal(signal.SIGALRM, end)
            signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def watch(self) -> None:
        """Where it has none: a thread looks at the clock. Runners end when their requests do."""
        import threading

        timer = threading.Timer(self._seconds, self._end)
        timer.daemon = True
        timer.start()

    def _end(self) -> NoReturn:
        what = "run" if self._command == "run" else "command"
        sys.stderr.write(
            f"jitviewer: the {what} took more than {self._seconds:g} s and was ended; "
            "allow more with --time-limit\n"
        )
        sys.stderr.flush()
        os._exit(_BAD_FILE)
