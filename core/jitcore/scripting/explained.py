"""Errors of the core in torch's words: with the lines that they are about and the calls that led there."""

from __future__ import annotations

from jitcore.scripting.text_tokens import TextSyntaxError
from jitcore.source import JitError, SourceError


def explained(error: JitError) -> str:
    """What is wrong, the lines that it is about, and the calls that led there, as torch words them."""
    if not isinstance(error, SourceError):
        return str(error)
    if not error.excerpt:
        says_where = bool(error.location) and error.location in error.message
        return error.message if says_where else str(error)
    file, _, number = error.location.rpartition(":")[0].rpartition(":")
    place = f'\n  File "{file}", line {number}' if error.location else ""
    if isinstance(error, TextSyntaxError):
        # torch's lexer reports errors by itself: without the empty line before, and the excerpt as it is.
        end = "" if error.excerpt.endswith("\n") or not error.is_marked else "\n"
        return f"{error.message}:{place}\n{error.excerpt}{end}"
    calls = "".join(f"{note}\n" for note in getattr(error, "__notes__", ()))
    return f"\n{error.message}:{place}\n{error.excerpt.rstrip()}\n{calls}"
