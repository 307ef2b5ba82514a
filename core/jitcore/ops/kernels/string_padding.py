"""Strings: stripping, padding and tabs."""

from __future__ import annotations

from jitcore.ops.kernels.byte_strings import bytewise
from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.registry import op


@op(r'aten::strip(str self, str chars=" \n\t\f\v") -> str')
@bytewise
def strip(self: str, chars: str) -> str:
    """Without the characters `chars` at both ends."""
    return self.strip(chars)


@op(r'aten::lstrip(str self, str chars=" \n\t\f\v") -> str')
@bytewise
def lstrip(self: str, chars: str) -> str:
    """Without the characters `chars` at the beginning."""
    return self.lstrip(chars)


@op(r'aten::rstrip(str self, str chars=" \n\t\f\v") -> str')
@bytewise
def rstrip(self: str, chars: str) -> str:
    """Without the characters `chars` at the end."""
    return self.rstrip(chars)


def _check_fill(fillchar: str) -> None:
    if len(fillchar) != 1:
        raise TorchScriptError("TypeError: The fill character must be exactly one character long")


@op('aten::center(str self, int width, str fillchar=" ") -> str')
@bytewise
def center(self: str, width: int, fillchar: str) -> str:
    """Padded at both ends to `width`."""
    _check_fill(fillchar)
    return self.center(width, fillchar)


@op('aten::ljust(str self, int width, str fillchar=" ") -> str')
@bytewise
def ljust(self: str, width: int, fillchar: str) -> str:
    """Padded at the end to `width`."""
    _check_fill(fillchar)
    return self.ljust(width, fillchar)


@op('aten::rjust(str self, int width, str fillchar=" ") -> str')
@bytewise
def rjust(self: str, width: int, fillchar: str) -> str:
    """Padded at the beginning to `width`."""
    _check_fill(fillchar)
    return self.rjust(width, fillchar)


@op("aten::zfill(str self, int width) -> str")
@bytewise
def zfill(self: str, width: int) -> str:
    """Padded with zeros at the beginning, before a sign too."""
    return self.rjust(width, "0")


@op("aten::expandtabs(str self, int tabsize=8) -> str")
@bytewise
def expandtabs(self: str, tabsize: int) -> str:
    """Tabs as blanks; columns are counted through line ends."""
    shown = ""
    for char in self:
        if char != "\t":
            shown += char
        elif tabsize > 0:
            shown += " " * (tabsize - len(shown) % tabsize)
    return shown
