"""The text of a file of the person's, by the places that compiled code tells."""

from __future__ import annotations

import linecache
import tokenize
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_LONGEST_EXPRESSION = 300


class Span(NamedTuple):
    """Where something stands: lines from 1, columns from 0 in bytes of UTF-8, as compiled code has them."""

    line: int
    column: int
    end_line: int
    end_column: int

    def holds(self, other: Span) -> bool:
        """Whether `other` lies within."""
        return (self.line, self.column) <= (other.line, other.column) and (
            other.end_line,
            other.end_column,
        ) <= (self.end_line, self.end_column)


class ProgramText:
    """The lines of a file, empty where it cannot be read."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.text = _text_of(path)
        # Other signs that Python's own splitting takes for ends of lines are none in programs.
        self._lines = self.text.split("\n")

    def expression(self, span: Span) -> str:
        """The text at a place, in one line and bounded."""
        lines = [self._bytes(number) for number in range(span.line, span.end_line + 1)]
        if not lines:
            return ""
        lines[-1] = lines[-1][: span.end_column]
        lines[0] = lines[0][span.column :]
        words = " ".join(b" ".join(lines).decode("utf-8", "replace").split())
        return words if len(words) <= _LONGEST_EXPRESSION else f"{words[:_LONGEST_EXPRESSION]}…"

    def column(self, line: int, byte: int) -> int:
        """A column in characters."""
        return len(self._bytes(line)[:byte].decode("utf-8", "replace"))

    def whole_line(self, line: int) -> Span:
        """The place of all that a line holds but its indentation."""
        text = self._bytes(line)
        return Span(line, len(text) - len(text.lstrip()), line, len(text.rstrip()))

    def _bytes(self, line: int) -> bytes:
        return self._lines[line - 1].encode() if 0 < line <= len(self._lines) else b""


def _text_of(path: str) -> str:
    try:
        with tokenize.open(path) as file:
            return file.read()
    except (OSError, SyntaxError, UnicodeDecodeError):
        # Code may have outlived its file. Without text that Python still has, places are told without.
        return "".join(linecache.getlines(path))


def text_of(path: str) -> ProgramText:
    """The text of a file as it is now."""
    try:
        changed = Path(path).stat().st_mtime_ns
    except OSError:
        changed = 0
    return _as_of(path, changed)


@lru_cache(maxsize=256)
def _as_of(path: str, changed: int) -> ProgramText:  # noqa: ARG001  # a part of the key
    return ProgramText(path)
