"""Errors of the core as callers of the library get them: in torch's words and classes."""

from __future__ import annotations

from typing import Any, cast

from torch.jit import frontend

from jitcore.scripting.explained import explained
from jitcore.source import JitError, SourceError

_CLASSES: dict[str, type[Exception]] = {
    kind.__name__: kind
    for kind in (
        RuntimeError, ValueError, TypeError, NameError, AttributeError, AssertionError, NotImplementedError,
        OSError, SyntaxError, frontend.FrontendError, frontend.NotSupportedError,
        frontend.UnsupportedNodeError,
    )
}  # fmt: skip

RAISED = tuple(_CLASSES.values())
"""The classes of what callers of the library get for an error of the core, which is the cause of it."""


class _Report:
    """What the errors of torch's frontend show below their message; torch's own knows its own calls only."""

    def __init__(self, text: str) -> None:
        self._text = text

    def what(self) -> str:
        """The place and the calls that led there."""
        return self._text


def raised(error: JitError) -> Exception:
    """The exception to raise for an error of the core."""
    kind = _CLASSES[error.raised_as]
    words = explained(error)
    if kind is RuntimeError:
        return RuntimeError(words)
    words = words.lstrip("\n")
    if not issubclass(kind, frontend.FrontendError):
        return kind(words)
    message = error.message if isinstance(error, SourceError) else str(error)
    made = kind.__new__(kind)
    made.args = (words,)
    made.source_range = None
    made.msg = message
    made.error_report = cast("Any", _Report(words.removeprefix(message)))
    return made
