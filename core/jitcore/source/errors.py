"""The one exception that every layer of the core raises for bad input."""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 1_500
_KEPT_AT_END: Final = 400


class JitError(Exception):
    """Something the person gave us is wrong; `str()` is one sentence: what, where, what to do.

    `raised_as` names the class of what callers of the library get: one of Python's own, or one of the
    frontend of torch, which is not imported here.
    """

    def __init__(self, message: str = "", raised_as: str = "RuntimeError") -> None:
        super().__init__(message)
        self.raised_as = raised_as


class SourceError(JitError):
    """A `JitError` that points at a place in a source text.

    `location` is `file:line:column` when known; `excerpt` holds the lines with a caret under them;
    `message` may have several lines, which are one in `str()`. `callee` is what was being compiled, until it
    is told what led to it.
    """

    def __init__(
        self, message: str, location: str = "", excerpt: str = "", raised_as: str = "RuntimeError"
    ) -> None:
        text = f"{location}: {message}" if location else message
        if "\n" in text:
            text = " ".join(part for line in text.splitlines() if (part := line.strip()))
        super().__init__(one_line(text), raised_as)
        self.message = message
        self.location = location
        self.excerpt = excerpt
        self.callee = ""


def one_line(sentence: str) -> str:
    """`sentence` with its control characters escaped, and its middle left out if it is very long.

    Names and literals from a file may hold anything, and be as long as the file.
    """
    if len(sentence) > _LONGEST:
        sentence = f"{sentence[: _LONGEST - _KEPT_AT_END]} ... {sentence[-_KEPT_AT_END:]}"
    return sentence if sentence.isprintable() else "".join(map(_printable, sentence))


def _printable(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
