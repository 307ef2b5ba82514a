"""Pickle instructions as TorchScript's archives are written in, with its memo of repeated parts."""

from __future__ import annotations

import struct
from typing import Final

_UINT16: Final = struct.Struct("<H").pack
_INT32: Final = struct.Struct("<i").pack
_UINT32: Final = struct.Struct("<I").pack
_INT64: Final = struct.Struct("<q").pack
_FLOAT64: Final = struct.Struct(">d").pack

MARK: Final = b"("
STOP: Final = b"."
NONE: Final = b"N"
REDUCE: Final = b"R"
BUILD: Final = b"b"
NEW_OBJECT: Final = b"\x81"
TUPLE: Final = b"t"
EMPTY_TUPLE: Final = b")"
EMPTY_LIST: Final = b"]"
EMPTY_DICT: Final = b"}"
APPENDS: Final = b"e"
SET_ITEMS: Final = b"u"
PERSISTENT: Final = b"Q"

_TRUE: Final = b"\x88"
_FALSE: Final = b"\x89"
_SHORT_TUPLES: Final = (EMPTY_TUPLE, b"\x85", b"\x86", b"\x87")


class PickleStream:
    """The instructions so far, in `data`. Texts and globals are written once and then referred to."""

    def __init__(self) -> None:
        self.data = bytearray(b"\x80\x02")
        self._memo: dict[object, int] = {}
        self._count = 0

    def op(self, *instructions: bytes) -> None:
        """Append instructions that have no argument."""
        for instruction in instructions:
            self.data += instruction

    def recall(self, key: object) -> bool:
        """Push what was remembered as `key`; whether there was such a thing."""
        number = self._memo.get(key)
        if number is None:
            return False
        self.data += bytes((0x68, number)) if number < 256 else b"j" + _UINT32(number)
        return True

    def remember(self, key: object) -> None:
        """Remember the value on top of the stack as `key`."""
        number = self._memo[key] = self._count
        self._count += 1
        self.data += bytes((0x71, number)) if number < 256 else b"r" + _UINT32(number)

    def integer(self, number: int) -> None:
        """Push an integer of 64 bits."""
        self.data += integer(number)

    def number(self, number: float) -> None:
        """Push a floating point number."""
        self.data += b"G" + _FLOAT64(number)

    def boolean(self, value: bool) -> None:
        """Push a boolean."""
        self.data += _TRUE if value else _FALSE

    def text(self, text: str) -> None:
        """Push a text."""
        if self.recall(text):
            return
        encoded = text.encode("utf-8", "surrogateescape")
        self.data += b"X" + _UINT32(len(encoded)) + encoded
        self.remember(text)

    def reference(self, module: str, name: str) -> None:
        """Push a global."""
        key = module, name
        if self.recall(key):
            return
        self.data += f"c{module}\n{name}\n".encode("utf-8", "surrogateescape")
        self.remember(key)

    def begin_tuple(self, length: int) -> None:
        """Before the items of a tuple of that length."""
        if length >= len(_SHORT_TUPLES):
            self.data += MARK

    def end_tuple(self, length: int) -> None:
        """After them."""
        self.data += TUPLE if length >= len(_SHORT_TUPLES) else _SHORT_TUPLES[length]

    def integers(self, numbers: tuple[int, ...]) -> None:
        """Push a tuple of integers as sizes are written: between a mark and an end, however short."""
        self.data += MARK
        for number in numbers:
            self.integer(number)
        self.data += TUPLE


def integer(number: int) -> bytes:
    """The instruction that pushes an integer."""
    if 0 <= number < 1 << 8:
        return bytes((0x4B, number))
    if 0 <= number < 1 << 16:
        return b"M" + _UINT16(number)
    if -(1 << 31) <= number < 1 << 31:
        return b"J" + _INT32(number)
    return b"\x8a\x08" + _INT64(number)
