"""Ends a call of a program that runs for too long: an input may make it loop for ever."""

from __future__ import annotations

import ctypes
import os
import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

Result = TypeVar("Result")


_DELIVERY: Final = 0.2
"""Seconds within which an exception for a thread is raised there."""


class RanTooLongError(BaseException):
    """A call was ended. No `Exception`, so that a program's own handlers let it pass."""


class _Call:
    """A call of this thread that is to end in so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.ends_at = time.monotonic() + seconds
        self.was_told = False
        self._thread = ctypes.c_ulong(threading.get_ident())
        self._lock = threading.Lock()
        self._has_ended = False

    def end(self) -> None:
        """Raise the exception in the thread of the call, if that has not ended."""
        with self._lock:
            if not self._has_ended:
                self.was_told = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(self._thread, ctypes.py_object(RanTooLongError))

    def has_result(self) -> None:
        """From here on nothing is raised any more."""
        with self._lock:
            self._has_ended = True

    def is_over(self) -> None:
        """As `has_result`, where an exception may just have been raised."""
        self._has_ended = True


class _Watch:
    """One thread for all calls: starting one for each would take longer than most calls do.

    It sleeps until the first end that it knows of, and goes when there is nothing to wait for.
    """

    def __init__(self) -> None:
        self._forget()
        # Threads do not come along into a process that is forked.
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._calls: set[_Call] = set()
        # Taken as a plain lock, which no exception from outside leaves behind locked.
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._wakes_at: float | None = None

    def add(self, call: _Call) -> None:
        """Have a call ended in time."""
        with self._lock:
            self._calls.add(call)
            if self._wakes_at is None:
                self._wakes_at = call.ends_at
                threading.Thread(target=self._run, name="ends calls", daemon=True).start()
            elif call.ends_at < self._wakes_at:
                self._changed.notify()

    def discard(self, call: _Call) -> None:
        """A call is over."""
        self._calls.discard(call)

    def _run(self) -> None:
        with self._lock:
            while True:
                now = time.monotonic()
                for call in list(self._calls):
                    if call.ends_at <= now:
                        self._calls.discard(call)
                        call.end()
                waiting = list(self._calls)
                if not waiting:
                    self._wakes_at = None
                    return
                self._wakes_at = min(call.ends_at for call in waiting)
                self._changed.wait(self._wakes_at - now)


_WATCH = _Watch()


def within(seconds: float, function: Callable[[], Result]) -> Result:
    """What a call gives. Raises `RanTooLongError` once it ran for so long, at the next step of its Python."""
    call = _Call(seconds)
    _WATCH.add(call)
    try:
        result = function()
        call.has_result()
        # Told in the last moment, it is raised here; unless a destructor was running, which swallows it.
        raised_by = time.monotonic() + _DELIVERY
        while call.was_told and time.monotonic() < raised_by:
            time.sleep(0)
    finally:
        call.is_over()
        _WATCH.discard(call)
    return result
