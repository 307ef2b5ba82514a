"""Says in an error why what is wrong was compiled at all: the calls that led to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.ir import Function
    from jitcore.source import JitError, SourceRange


def label(function: Function) -> str:
    """`name` of a function, `Class.name` of a method."""
    return function.name if function.owner is None else f"{function.owner.name}.{function.name}"


def note_call(error: JitError, callee: str, lowering: Lowering, at: SourceRange) -> None:
    """Add to the error in `callee` where the function being lowered calls it; innermost calls come first.

    The place is that of the call, or `at` for a function that is named and not called.
    """
    if lowering.call is not None:
        at = lowering.at(lowering.call)
    place = at.file_line_col()
    head = "" if place is None else f'\n  File "{place[0]}", line {place[1]}'
    caller, excerpt = label(lowering.function), at.excerpt().rstrip()
    error.add_note(f"'{callee}' is being compiled since it was called from '{caller}'{head}\n{excerpt}")
