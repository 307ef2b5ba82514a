"""Ends a call of a program that runs for too long: an input may make it loop for ever."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

Result = TypeVar("Result")


_DELIVERY: Final = 0.2
"""Seconds within which an exception for a thread is raised there."""


class RanTooLongError(BaseException):
    """A call was ended. No `Exception`, so that a program's own handlers let it pass."""


def within(seconds: float, function: Callable[[], Result]) -> Result:
    """What a call gives. Raises `RanTooLongError` once it ran for so long, at the next step of its Python."""
    thread = ctypes.c_ulong(threading.get_ident())
    lock = threading.Lock()
    has_ended = was_told = False

    def end() -> None:
        nonlocal was_told
        with lock:
            if not has_ended:
                was_told = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(RanTooLongError))

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        result = function()
        with lock:
            has_ended = True
        # Told in the last moment, it is raised here; unless a destructor was running, which swallows it.
        raised_by = time.monotonic() + _DELIVERY
        while was_told and time.monotonic() < raised_by:
            time.sleep(0)
    finally:
        has_ended = True
        timer.cancel()
    return result
