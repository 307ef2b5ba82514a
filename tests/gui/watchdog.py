"""Measures how long the event loop of the window was held up."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer


class Watchdog(QObject):
    """Ticks as often as the event loop lets it; `longest` is the longest gap between two ticks, in seconds.

    What runs between two ticks is what a person would have waited for. `longest_cpu` is the most processor
    time between two ticks: what is left of a gap on a machine that has nothing else to do. `gaps` are
    those over `noted`, with the time since the start at which they ended.
    """

    def __init__(self, noted: float = 0.05, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._noted = noted
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_tick)
        self._started = self._last = time.perf_counter()
        self._last_cpu = time.thread_time()
        self.longest = self.longest_cpu = 0.0
        self.ticks = 0
        self.gaps: list[tuple[float, float]] = []

    def __enter__(self) -> Watchdog:
        self.longest, self.longest_cpu, self.ticks = 0.0, 0.0, 0
        self.gaps.clear()
        self._started = self._last = time.perf_counter()
        self._last_cpu = time.thread_time()
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._on_tick()
        self._timer.stop()

    def _on_tick(self) -> None:
        now = time.perf_counter()
        cpu = time.thread_time()
        gap = now - self._last
        self.longest = max(self.longest, gap)
        self.longest_cpu = max(self.longest_cpu, cpu - self._last_cpu)
        self._last, self._last_cpu = now, cpu
        self.ticks += 1
        if gap > self._noted:
            self.gaps.append((now - self._started, gap))
