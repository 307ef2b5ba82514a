"""Strings as TorchScript has them: sequences of bytes, whatever the text is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

_F = TypeVar("_F", bound=Callable[..., Any])

SPACES = " \t\n\v\f\r"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOWER = "abcdefghijklmnopqrstuvwxyz"
LETTERS = frozenset(UPPER + LOWER)
DIGITS = frozenset("0123456789")

_TO_UPPER = str.maketrans(LOWER, UPPER)
_TO_LOWER = str.maketrans(UPPER, LOWER)
_SWAPPED = str.maketrans(UPPER + LOWER, LOWER + UPPER)


def upper(text: str) -> str:
    """ASCII letters in upper case, the rest as it is."""
    return text.translate(_TO_UPPER)


def lower(text: str) -> str:
    """ASCII letters in lower case, the rest as it is."""
    return text.translate(_TO_LOWER)


def swapped(text: str) -> str:
    """ASCII letters in the other case, the rest as it is."""
    return text.translate(_SWAPPED)


def bytewise(kernel: _F) -> _F:
    """Let a kernel that works on characters work on the bytes of its strings.

    Only strings with characters outside of ASCII are taken apart: each byte then is a character of
    its own, and what comes out is put together again (a byte that is no text alone is kept as a
    surrogate).
    """

    @wraps(kernel)
    def on_bytes(*arguments: Any) -> Any:
        if all(not isinstance(a, str) or a.isascii() for a in arguments):
            return kernel(*arguments)
        return _joined(kernel(*(_apart(a) if isinstance(a, str) else a for a in arguments)))

    return cast(_F, on_bytes)


def mended(text: str) -> str:
    """A text put together of parts: bytes that came to stand together are the character that they make."""
    return (
        text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    )


def whole(text: str) -> str:
    """The text that bytes of TorchScript are in Python; UnicodeDecodeError where a character was cut apart.

    That is what torch raises where such a string gets to Python, in the same words.
    """
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8")


def legible(text: str) -> str:
    """A text for a person: what is half a character shows as the sign for that."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _apart(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def _joined(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("latin-1").decode("utf-8", "surrogateescape")
    if isinstance(value, list):
        return [_joined(item) for item in cast(list[Any], value)]
    if isinstance(value, tuple):
        return tuple(_joined(item) for item in cast(tuple[Any, ...], value))
    return value
