"""Numbers on the command line: what is none, or none of use, is refused in a sentence."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import Final

_MOST_DIGITS: Final = 30
"""Digits that are worth converting: all bounds have fewer, and Python refuses thousands."""

_UNITS: Final = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_MOST_BYTES: Final = 1 << 62
_SIZE: Final = re.compile(rf"([0-9]{{1,{_MOST_DIGITS}}}(?:\.[0-9]{{0,{_MOST_DIGITS}}})?)([KMGTkmgt]?)")

_MOST_SECONDS: Final = 1e8
"""Three years; timers of the system take no more than some such."""


def whole(least: int, most: int) -> Callable[[str], int]:
    """The reader of a whole number from `least` to `most`."""

    def read(text: str) -> int:
        found = re.fullmatch(rf"[+-]?[0-9]{{1,{_MOST_DIGITS}}}", text)
        value = int(text) if found else most + 1
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"give a whole number from {least} to {most}")
        return value

    return read


def seconds(text: str) -> float:
    """A time in seconds, a fraction too."""
    found = re.fullmatch(r"\+?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", text)
    value = float(text) if found else 0.0
    if not 0 < value < _MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"give a number of seconds above 0 and below {_MOST_SECONDS:.0f}")
    return value


def byte_count(text: str) -> int:
    """A number of bytes, or one with a unit: `500M`, `1.5G`."""
    found = _SIZE.fullmatch(text)
    count = float(found[1]) * _UNITS[found[2].upper()] if found else _MOST_BYTES + 1
    if count > _MOST_BYTES:
        raise argparse.ArgumentTypeError(
            f"give a number of bytes up to {_MOST_BYTES}, or one with K, M, G or T, such as 8G"
        )
    return int(count)


def window_size(text: str) -> tuple[int, int]:
    """`WIDTHxHEIGHT` of a window that can be drawn."""
    found = re.fullmatch(r"([0-9]{1,5})[xX]([0-9]{1,5})", text)
    sides = (int(found[1]), int(found[2])) if found else (0, 0)
    if not all(200 <= side <= 8000 for side in sides):
        raise argparse.ArgumentTypeError("give WIDTHxHEIGHT, each between 200 and 8000")
    return sides
