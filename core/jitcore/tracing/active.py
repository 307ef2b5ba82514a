"""The trace that is being made in this thread."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.tracing.state import TracingState


class _Thread(threading.local):
    state: TracingState | None = None


_THREAD = _Thread()


def state() -> TracingState | None:
    """The state of the trace; None if nothing is traced, or an operator is being run."""
    found = _THREAD.state
    return found if found is not None and found.is_recording else None


@contextmanager
def entered(state: TracingState) -> Generator[None]:
    """Context in which a trace is made; RuntimeError if one is being made already."""
    if _THREAD.state is not None:
        raise RuntimeError("Tracing can't be nested")
    _THREAD.state = state
    try:
        yield
    finally:
        _THREAD.state = None


def is_tracing() -> bool:
    """Whether a trace is being made of the program that asks."""
    return state() is not None
