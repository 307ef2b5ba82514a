"""Says in an error why what is wrong was compiled at all: the calls that led to it."""

from __future__ import annotations

import ast
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jitcore.source import SourceError

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.ir import Function
    from jitcore.source import JitError, SourceRange


def label(function: Function) -> str:
    """`name` of a function, `Class.name` of a method."""
    return function.name if function.owner is None else f"{function.owner.name}.{function.name}"


def note_call(error: JitError, callee: str, lowering: Lowering, at: SourceRange) -> None:
    """Add to the error in `callee` where the function being lowered calls it; innermost calls come first.

    The place is that of the value or statement that was begun last, or `at` where none was.
    """
    if isinstance(lowering.looked_at, ast.AST):
        at = lowering.at(lowering.looked_at)
    add_note(error, callee, label(lowering.function), at)


def add_note(error: JitError, callee: str, caller: str, at: SourceRange) -> None:
    """Add to the error in `callee` that `caller` led to it at `at`."""
    place = at.file_line_col()
    head = "" if place is None else f'\n  File "{place[0]}", line {place[1]}'
    excerpt = at.excerpt().rstrip()
    error.add_note(f"'{callee}' is being compiled since it was called from '{caller}'{head}\n{excerpt}")


@contextmanager
def noting_classes(lowering: Lowering, at: SourceRange) -> Generator[None]:
    """Context in which names are read: an error in a class that they lead to tells that it was named here."""
    try:
        yield
    except SourceError as error:
        if error.callee:
            note_call(error, error.callee, lowering, at)
            error.callee = ""
        raise
