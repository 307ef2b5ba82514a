"""What fails while a program runs, as callers in Python see it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from jitcore.exec import ExecutionError
    from jitcore.exec.errors import Place

Error = torch.jit.Error
"""What a program raises itself arrives as this, so that handlers of torch.jit's errors see it."""

_HEAD = (
    "The following operation failed in the TorchScript interpreter.\n"
    "Traceback of TorchScript (most recent call last):\n"
)
_WORK = re.compile(r"<(fork|await) \d+>")
_WORK_NAMES = {"fork": "<forked function>", "await": "<awaitable function>"}


def translated(error: ExecutionError) -> Exception:
    """The error as callers get it: what failed in work that was waited for is a text in the text."""
    text = ""
    cause = f"{error.raised_class or 'RuntimeError'}: {error.reason}"
    end = len(error.places)
    for count in (*error.waits, end):
        reason = f"RuntimeError: {text}" if text else cause
        places = "".join(_place_text(place) for place in error.places[len(error.places) - count : end])
        text = f"{_HEAD}{places}{reason}\n"
        end = len(error.places) - count
    return Error(text) if error.raised_class and not error.waits else RuntimeError(text)


def _place_text(place: Place) -> str:
    if not place.file and not place.excerpt:
        return ""
    function = _WORK.sub(lambda found: _WORK_NAMES[found[1]], place.function)
    head = f'  File "{place.file or "<unknown>"}", line {place.line}, in {function}\n'
    return f"{head}{place.excerpt.rstrip()}\n" if place.excerpt else head
