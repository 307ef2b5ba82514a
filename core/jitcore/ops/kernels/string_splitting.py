"""Strings: taken apart and put together."""

from __future__ import annotations

import re

from jitcore.ops.kernels.byte_strings import bytewise, mended
from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.registry import op

# The last five are bytes of separators outside of ASCII, each of which separates by itself.
_LINE_ENDS = re.compile("[\n\r\v\f\x1c\x1d\x1e\x85\xe2\x80\xa8\xa9]")
_BLANKS = re.compile("[ \t\n\r\v\f\x1c\x1d\x1e\x85\xe2\x80\xa8\xa9]+")


@op("aten::split.str(str self, str? separator=None, int max=-1) -> str[]")
@bytewise
def split(self: str, separator: str | None, max: int) -> list[str]:
    """The pieces between separators; without one between blanks, and then `max` does not count."""
    if separator is None:
        return [piece for piece in _BLANKS.split(self) if piece]
    if not separator:
        raise TorchScriptError("ValueError: empty separator")
    return self.split(separator, max)


@op('aten::rsplit(str self, str separator=" ", int max=-1) -> str[]')
@bytewise
def rsplit(self: str, separator: str, max: int) -> list[str]:
    """The pieces between separators, looked for from the end."""
    if not separator:
        raise TorchScriptError("ValueError: empty separator")
    return self.rsplit(separator, max)


@op("aten::splitlines(str self, bool keepends=False) -> str[]")
@bytewise
def splitlines(self: str, keepends: bool) -> list[str]:
    """The lines; with `keepends` each line end is a piece of its own."""
    lines: list[str] = []
    start = 0
    for match in _LINE_ENDS.finditer(self):
        lines.append(self[start : match.start()])
        if keepends:
            lines.append(match.group())
        start = match.end()
    if start != len(self):
        lines.append(self[start:])
    return lines


@op("aten::partition(str self, str separator) -> (str, str, str)")
@bytewise
def partition(self: str, separator: str) -> tuple[str, str, str]:
    """What stands before the first separator, the separator, what stands after it."""
    if not separator:
        return "", "", self
    return self.partition(separator)


@op("aten::rpartition(str self, str separator) -> (str, str, str)")
@bytewise
def rpartition(self: str, separator: str) -> tuple[str, str, str]:
    """What stands before the last separator, the separator, what stands after it."""
    if not separator:
        return self, "", ""
    return self.rpartition(separator)


@op("aten::join(str self, str[] values) -> str")
def join(self: str, values: list[str]) -> str:
    """The strings with this one between them."""
    return mended(self.join(values))


@op("aten::replace(str self, str old, str new, int max=-1) -> str")
@bytewise
def replace(self: str, old: str, new: str, max: int) -> str:
    """`new` for the first `max` places of `old`, for all if `max` is negative."""
    return self.replace(old, new, max)
