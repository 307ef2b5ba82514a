"""Options of passes, as data that a command line and a window can show."""

from __future__ import annotations

OptionValue = bool | int | str


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
        return text


_MOST_DIGITS = 18


def option_text(value: OptionValue) -> str:
    """A value as `PassOption.read` takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
