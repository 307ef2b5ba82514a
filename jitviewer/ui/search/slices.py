"""Long work of the window, done in slices between which it can paint and take input."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QTimer

SLICE_S = 0.008
"""How long a slice may take: half a frame."""


class Slices(QObject):
    """Runs one iterator at a time; each of its steps should take a millisecond at most."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: Iterator[object] | None = None
        self._done: Callable[[], object] = bool
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_turn)

    @property
    def is_working(self) -> bool:
        """Whether there is work left."""
        return self._work is not None

    def start(self, work: Iterator[object], done: Callable[[], object]) -> None:
        """Give up what was being done and do this; `done` is called at its end."""
        self._work, self._done = work, done
        self._timer.start()
        # What is short is done at once.
        self._on_turn()

    def cancel(self) -> None:
        """Give the work up."""
        self._work = None
        self._timer.stop()

    def _on_turn(self) -> None:
        end = time.perf_counter() + SLICE_S
        work = self._work
        while work is not None and work is self._work:
            try:
                next(work)
            except StopIteration:
                self.cancel()
                self._done()
                return
            if time.perf_counter() >= end:
                return
