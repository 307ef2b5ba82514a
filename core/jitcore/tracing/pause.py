"""A stretch of a trace in which nothing is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from torch._C import DispatchKey
from torch._dispatch.python import no_python_dispatcher

from jitcore.slots.torch_names import TORCH

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

_KEY = DispatchKey.PreDispatch
_set_included: Callable[[DispatchKey, bool], None] = TORCH._C._dispatch_tls_set_dispatch_key_included
_is_included: Callable[[DispatchKey], bool] = TORCH._C._dispatch_tls_is_dispatch_key_included


class Recording(Protocol):
    """What records, or does not."""

    is_recording: bool


class Pause:
    """Context in which `recording` records nothing, and torch runs operators as it does without a trace.

    torch's Python versions of operators are for who looks into them, so they are left out too.
    """

    __slots__ = ("_dispatcher", "_recorded", "_recording", "_was_included")

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._recorded = False
        self._was_included = False
        self._dispatcher: AbstractContextManager[object] = no_python_dispatcher()

    def __enter__(self) -> None:
        self._recorded = self._recording.is_recording
        self._recording.is_recording = False
        self._was_included = _is_included(_KEY)
        if self._was_included:
            _set_included(_KEY, False)
        self._dispatcher.__enter__()

    def __exit__(self, *_: object) -> None:
        self._dispatcher.__exit__(None, None, None)
        if self._was_included:
            _set_included(_KEY, True)
        self._recording.is_recording = self._recorded
