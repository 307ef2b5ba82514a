"""The bytes of a flatbuffer, read within bounds: whatever its offsets say, reading it ends."""

from __future__ import annotations

import struct
from typing import Any, Final

from jitcore.archive.errors import ArchiveError

_MOST_READS: Final = 16
"""Times its size that may be read of a file; one that torch wrote is read three times over at most."""

_FREE: Final = 1 << 20
"""Bytes that may be read besides, which a small file of many small tables needs."""

_COUNT: Final = "I"


class FlatBytes:
    """Numbers, lists and texts by their positions.

    Offsets may lead to one place any number of times, or to places that overlap: a text is made once, and all
    that is read is counted. Raises `ArchiveError`, which names the file as `where`, for what lies outside of
    the file, and for more than a whole file has to tell.
    """

    __slots__ = ("_data", "_room", "_texts", "where")

    def __init__(self, data: memoryview, where: str) -> None:
        self._data = data
        self._room = _FREE + _MOST_READS * len(data)
        self._texts: dict[int, str] = {}
        self.where = where

    def number(self, kind: str, position: int) -> Any:
        """A number, whose `kind` is a letter of `struct`."""
        if not 0 <= position <= len(self._data) - struct.calcsize(kind):
            raise self._damaged()
        return struct.unpack_from(f"<{kind}", self._data, position)[0]

    def numbers(self, kind: str, start: int, count: int) -> list[Any]:
        """Numbers that stand one after the other."""
        self._spend(count * struct.calcsize(kind))
        if start < 0 or start + count * struct.calcsize(kind) > len(self._data):
            raise self._damaged()
        return list(struct.unpack_from(f"<{count}{kind}", self._data, start))

    def vector(self, start: int, size: int) -> tuple[int, int]:
        """Where the items of a list begin, each of so many bytes, and how many there are."""
        count: int = self.number(_COUNT, start)
        if start + 4 + count * size > len(self._data):
            raise self._damaged()
        return start + 4, count

    def window(self, start: int) -> memoryview:
        """The bytes of a list of bytes, which are not copied."""
        begin, count = self.vector(start, 1)
        return self._data[begin : begin + count]

    def text(self, start: int) -> str:
        """A text, the same one each time."""
        known = self._texts.get(start)
        if known is None:
            content = self.window(start)
            self._spend(len(content))
            known = self._texts[start] = str(content, "utf-8", "surrogateescape")
        return known

    def _spend(self, size: int) -> None:
        self._room -= size
        if self._room < 0:
            raise ArchiveError(
                f"{self.where} refers to its own parts so often that reading it would never end; "
                "save it again"
            )

    def _damaged(self) -> ArchiveError:
        return ArchiveError(f"{self.where} is cut short, or damaged; copy or download it again")
