"""Options of passes, as data that a command line and a window can show."""

from __future__ import annotations

import re
from typing import Final

OptionValue = bool | int | str

QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
"""A text in quotes, as a regular expression: in it commas, braces and spaces are letters like others."""

_PLAIN: Final = re.compile(r"[^\s,{}\"\\]*")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_LETTERS: Final = {"n": "\n", "t": "\t"}


class PassOption:
    """An option of a pass: its name, what it is unless somebody chooses, and what it does, in a line.

    Values are of the type of `default`. The pass's constructor takes it by its name.
    """

    __slots__ = ("default", "name", "summary")

    def __init__(self, name: str, default: OptionValue, summary: str) -> None:
        self.name = name
        self.default = default
        self.summary = summary

    @property
    def kind(self) -> str:
        """`bool`, `int` or `str`."""
        return type(self.default).__name__

    def read(self, text: str) -> OptionValue:
        """The value that a text stands for. Raises `ValueError` for one of another type."""
        if isinstance(self.default, bool):
            if text not in ("true", "false"):
                raise ValueError("true or false")
            return text == "true"
        if isinstance(self.default, int):
            if not text.removeprefix("-").isdecimal() or len(text) > _MOST_DIGITS:
                raise ValueError("a whole number")
            return int(text)
        return unquoted(text)


_MOST_DIGITS = 18


def option_text(value: OptionValue) -> str:
    """A value as `PassOption.read` takes it: a text in quotes where a spec would end in it."""
    if isinstance(value, str):
        return quoted(value)
    return str(value).lower()


def quoted(text: str) -> str:
    """A text as a spec holds it, `"a, b"` with `\\n` for the end of a line; plain if it needs no quotes."""
    if _PLAIN.fullmatch(text):
        return text
    for plain, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, written)
    return f'"{text}"'


def unquoted(text: str) -> str:
    """The text that `quoted` wrote. Raises `ValueError` for one whose quotes do not end."""
    if not text.startswith('"'):
        return text
    if not re.fullmatch(QUOTED, text, re.DOTALL):
        raise ValueError("a text in quotes")
    return _ESCAPE.sub(lambda match: _LETTERS.get(match[1], match[1]), text[1:-1])
