"""Tells now and then how many inputs a diagnosis has tried."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from jitviewer.protocol.runner_messages import RunProgress

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitviewer.protocol.runner_bases import RunnerReply

_EACH_S: Final = 0.2
"""Seconds between two reports: as quick as a person reads a number, and far from too many."""


class TriedInputs:
    """Reports on the diagnosis that answers the request `number`."""

    def __init__(self, number: int, send: Callable[[RunnerReply], object]) -> None:
        self._number = number
        self._send = send
        self._begun = time.monotonic()
        self._next = 0.0

    def tell(self, tried: int) -> None:
        """So many were tried; the first is told at once."""
        elapsed = time.monotonic() - self._begun
        if elapsed >= self._next:
            self._next = elapsed + _EACH_S
            self._send(RunProgress(self._number, "searching", tried, 0, elapsed))
