"""The recording that is being made in this thread."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.tracing.black_box.recording import Recording


class _Thread(threading.local):
    recording: Recording | None = None


_THREAD = _Thread()


def recording() -> Recording | None:
    """What is recorded into; None where nothing is."""
    return _THREAD.recording


@contextmanager
def entered(made: Recording | None) -> Generator[None]:
    """Context in which `made` is recorded into."""
    before = _THREAD.recording
    _THREAD.recording = made
    try:
        yield
    finally:
        _THREAD.recording = before


class _Kept(threading.local):
    value: object = None


_KEPT = _Kept()


def keep(value: object) -> None:
    """Put aside the operand of an `and` or `or`, until the next that is done in this thread."""
    _KEPT.value = value


def take_kept() -> object:
    """What was put aside."""
    value = _KEPT.value
    _KEPT.value = None
    return value
