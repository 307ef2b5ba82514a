"""The words of an input specification: numbers, texts, names and marks, and what they stand for."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

MOST_CHARACTERS: Final = 1 << 17
"""Of one specification: as many as Linux takes in a word of a command."""

_MOST_DIGITS: Final = 1_000
"""Characters of a number: more than any float has, and fewer than Python takes for a whole number."""

_SHOWN: Final = 60
"""Characters of a word that a sentence repeats."""

# No two parts of this take the same character: with a part that could be split in several ways, a long number
# that is none would be tried in all of them.
_NUMBER: Final = r"[+-]?(?:inf|nan|(?:[0-9][0-9_]*(?:\.(?!\.(?!\.))[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
_TOKEN: Final = re.compile(
    rf"\s*(?:(?P<range>\.\.)|(?P<number>{_NUMBER})(?P<imaginary>j)?(?!\w)"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<text>'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\")|(?P<mark>[\[\](){},:@]))",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(
    r"\\(?:x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})|(?P<octal>[0-7]{1,3})|(?P<sign>.))",
    re.DOTALL,
)
_SIGNS: Final = {
    "\\": "\\", "'": "'", '"': '"', "\n": "", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r",
    "t": "\t", "v": "\v",
}  # fmt: skip
_LEAST_INTEGER: Final = -(1 << 63)
_MOST_INTEGER: Final = (1 << 63) - 1


class TokenError(ValueError):
    """A word is none; `str()` says why, without the text that it stands in."""


class Token(NamedTuple):
    """A word and its kind: `number`, `complex`, `text`, `word`, `range` or `mark`."""

    kind: str
    text: str

    @property
    def shown(self) -> str:
        """As a sentence repeats it."""
        return shown(self.text)


def shown(text: str, most: int = _SHOWN) -> str:
    """A text between quotes, without what is after its first characters."""
    return repr(text) if len(text) <= most else f"{text[:most]!r}… ({len(text):,} characters)"


def tokens_of(text: str) -> list[Token]:
    """The words of a text, in order. Takes time in proportion to its length. Raises `TokenError`."""
    if len(text) > MOST_CHARACTERS:
        raise TokenError(f"it has more than {MOST_CHARACTERS:,} characters")
    found: list[Token] = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise TokenError(f"{text[position : position + 4 * _SHOWN].strip()[:20]!r} is not understood")
        number = match["number"]
        if number is not None:
            if len(number) > _MOST_DIGITS:
                raise TokenError(f"the number {shown(number)} is longer than any number that torch has")
            found.append(Token("complex" if match["imaginary"] else "number", number))
        else:
            kind = match.lastgroup or ""
            found.append(Token(kind, match[kind]))
        position = match.end()
    return found


def number_of(token: Token) -> int | float:
    """The number that a word is. Raises `TokenError` for whole numbers that torch has no room for."""
    plain = token.text.replace("_", "")
    if not plain.lstrip("+-").isdigit():
        return float(plain)
    number = int(plain)
    if not _LEAST_INTEGER <= number <= _MOST_INTEGER:
        raise TokenError(f"{token.shown} does not fit into the 64 bits of an int; a float ends in a point")
    return number


def size_of(token: Token) -> int | None:
    """The whole number without a sign that a word is, None if it is none. Raises `TokenError`."""
    return int(number_of(token)) if token.kind == "number" and token.text.isdigit() else None


def text_of(token: Token) -> str:
    """The text between quotes, its escapes read as Python reads them. Raises `TokenError`."""
    text = _ESCAPE.sub(_character, token.text[1:-1])
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise TokenError(f"the text {token.shown} is no Unicode")
    return text


def _character(escape: re.Match[str]) -> str:
    digits = escape["x"] or escape["u"] or escape["U"]
    code = int(escape["octal"], 8) if escape["octal"] else int(digits, 16) if digits else None
    if code is not None and code <= 0x10FFFF:
        return chr(code)
    character = _SIGNS.get(escape["sign"] or "")
    if character is None:
        raise TokenError(f"{escape[0]!r} stands for no character; a backslash is written twice")
    return character
