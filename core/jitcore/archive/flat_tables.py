"""The tables of a flatbuffer: records whose fields stand where a table of offsets says."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final

from jitcore.archive.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator

_OFFSET: Final = "I"


class FlatTable:
    """A table in a file, whose fields are asked for by number; those that were left out have a default.

    Raises `ArchiveError`, which names the file as `where`, for what lies outside of it.
    """

    __slots__ = ("_data", "_fields", "_position", "_where")

    def __init__(self, data: memoryview, position: int, where: str) -> None:
        self._data = data
        self._position = position
        self._where = where
        start = position - self._read("i", position)
        size = self._read("H", start)
        self._fields = [self._read("H", start + place) for place in range(4, size, 2)]

    @classmethod
    def root(cls, data: memoryview, where: str) -> FlatTable:
        """The table that a file is."""
        if len(data) < 8:
            raise ArchiveError(f"{where} is cut short; copy or download it again")
        return cls(data, struct.unpack_from("<I", data)[0], where)

    def number(self, field: int, kind: str, default: Any = 0) -> Any:
        """A number, whose `kind` is a letter of `struct`."""
        place = self._place(field)
        return default if place is None else self._read(kind, place)

    def numbers(self, field: int, kind: str) -> list[Any]:
        """A list of numbers."""
        start, count = self._vector(field, struct.calcsize(kind))
        return list(struct.unpack_from(f"<{count}{kind}", self._data, start))

    def bytes(self, field: int) -> memoryview:
        """Bytes, as a window into the file."""
        start, count = self._vector(field, 1)
        return self._data[start : start + count]

    def text(self, field: int) -> str:
        """A text."""
        return str(self.bytes(field), "utf-8", "surrogateescape")

    def table(self, field: int) -> FlatTable | None:
        """A table; None if it was left out."""
        place = self._place(field)
        return None if place is None else FlatTable(self._data, self._target(place), self._where)

    def tables(self, field: int) -> Iterator[FlatTable]:
        """A list of tables."""
        start, count = self._vector(field, 4)
        for place in range(start, start + 4 * count, 4):
            yield FlatTable(self._data, self._target(place), self._where)

    def texts(self, field: int) -> list[str]:
        """A list of texts."""
        start, count = self._vector(field, 4)
        return [self._text_at(self._target(start + 4 * place)) for place in range(count)]

    def struct(self, field: int, kinds: str) -> tuple[Any, ...]:
        """The numbers that a field of a union leads to."""
        place = self._place(field)
        if place is None:
            raise ArchiveError(f"{self._where} lacks a value; save it again")
        target = self._target(place)
        return tuple(self._read(kind, target + struct.calcsize(kinds[:at])) for at, kind in enumerate(kinds))

    def _place(self, field: int) -> int | None:
        offset = self._fields[field] if field < len(self._fields) else 0
        return self._position + offset if offset else None

    def _target(self, place: int) -> int:
        return place + self._read(_OFFSET, place)

    def _vector(self, field: int, size: int) -> tuple[int, int]:
        """Where a list begins, and how many items it has."""
        place = self._place(field)
        return (0, 0) if place is None else self._checked(self._target(place), size)

    def _checked(self, start: int, size: int) -> tuple[int, int]:
        count = self._read(_OFFSET, start)
        if start + 4 + count * size > len(self._data):
            raise ArchiveError(f"{self._where} is cut short, or damaged; copy or download it again")
        return start + 4, count

    def _text_at(self, start: int) -> str:
        begin, count = self._checked(start, 1)
        return str(self._data[begin : begin + count], "utf-8", "surrogateescape")

    def _read(self, kind: str, position: int) -> int:
        if not 0 <= position <= len(self._data) - struct.calcsize(kind):
            raise ArchiveError(f"{self._where} is cut short, or damaged; copy or download it again")
        return struct.unpack_from(f"<{kind}", self._data, position)[0]
