"""Strings: what their characters are, and changes of case."""

from __future__ import annotations

from collections.abc import Callable

from jitcore.ops.kernels.byte_strings import (
    DIGITS,
    LETTERS,
    LOWER,
    SPACES,
    UPPER,
    bytewise,
    lower,
    swapped,
    upper,
)
from jitcore.ops.kernels.registry import declare, op

_ALNUM = LETTERS | DIGITS
_PRINTABLE = frozenset(chr(code) for code in range(32, 127))

declare(upper, "aten::upper(str self) -> str")
declare(lower, "aten::lower(str self) -> str")
declare(swapped, "aten::swapcase(str self) -> str")


def _all_in(characters: frozenset[str]) -> Callable[[str], bool]:
    return lambda self: self != "" and characters.issuperset(self)


for _name, _characters in (
    ("isdigit", DIGITS),
    ("isdecimal", DIGITS),
    ("isnumeric", DIGITS),
    ("isspace", frozenset(SPACES)),
    ("isalnum", _ALNUM),
    ("isalpha", LETTERS),
):
    declare(_all_in(_characters), f"aten::{_name}(str self) -> bool")


@op("aten::isprintable(str self) -> bool")
def is_printable(self: str) -> bool:
    """Whether all characters are printable ASCII; the empty string is printable."""
    return _PRINTABLE.issuperset(self)


@op("aten::isidentifier(str self) -> bool")
def is_identifier(self: str) -> bool:
    """Whether the string is letters and digits and begins with a letter; an underscore is neither here."""
    return self != "" and self[0] not in DIGITS and _ALNUM.issuperset(self)


@op("aten::isupper(str self) -> bool")
def is_upper(self: str) -> bool:
    """Whether there are letters, and all are capitals."""
    letters = LETTERS.intersection(self)
    return bool(letters) and letters.isdisjoint(LOWER)


@op("aten::islower(str self) -> bool")
def is_lower(self: str) -> bool:
    """Whether there are letters, and none is a capital."""
    letters = LETTERS.intersection(self)
    return bool(letters) and letters.isdisjoint(UPPER)


@op("aten::istitle(str self) -> bool")
def is_title(self: str) -> bool:
    """Whether each word begins with a capital and has no other."""
    seen_word = False
    in_word = False
    for char in self:
        expected = lower(char) if in_word else upper(char)
        if char != expected:
            return False
        is_letter = char in LETTERS
        seen_word = seen_word or is_letter
        in_word = is_letter
    return seen_word


@op("aten::capitalize(str self) -> str")
def capitalize(self: str) -> str:
    """The first character in upper case, the others in lower case."""
    return upper(self[:1]) + lower(self[1:])


@op("aten::title(str self) -> str")
@bytewise
def title(self: str) -> str:
    """Each word with a capital at its beginning and nowhere else."""
    shown: list[str] = []
    in_word = False
    for char in self:
        shown.append(lower(char) if in_word else upper(char))
        in_word = char in LETTERS
    return "".join(shown)
