"""The tables of a flatbuffer: records whose fields stand where a table of offsets says."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final

from jitcore.archive.errors import ArchiveError
from jitcore.archive.flat_bytes import FlatBytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_OFFSET: Final = "I"


class FlatTable:
    """A table in a file, whose fields are asked for by number; those that were left out have a default.

    Raises `ArchiveError`, which names the file, for what lies outside of it, or is read without end.
    """

    __slots__ = ("_content", "_fields", "_position")

    def __init__(self, content: FlatBytes, position: int) -> None:
        self._content = content
        self._position = position
        start = position - content.number("i", position)
        size: int = content.number("H", start)
        self._fields = content.numbers("H", start + 4, max(0, (size - 4 + 1) // 2))

    @classmethod
    def root(cls, data: memoryview, where: str) -> FlatTable:
        """The table that a file is."""
        if len(data) < 8:
            raise ArchiveError(f"{where} is cut short; copy or download it again")
        return cls(FlatBytes(data, where), struct.unpack_from("<I", data)[0])

    def number(self, field: int, kind: str, default: Any = 0) -> Any:
        """A number, whose `kind` is a letter of `struct`."""
        place = self._place(field)
        return default if place is None else self._content.number(kind, place)

    def numbers(self, field: int, kind: str) -> list[Any]:
        """A list of numbers."""
        start, count = self._vector(field, struct.calcsize(kind))
        return self._content.numbers(kind, start, count)

    def bytes(self, field: int) -> memoryview:
        """Bytes, as a window into the file."""
        place = self._place(field)
        return memoryview(b"") if place is None else self._content.window(self._target(place))

    def text(self, field: int) -> str:
        """A text."""
        place = self._place(field)
        return "" if place is None else self._content.text(self._target(place))

    def table(self, field: int) -> FlatTable | None:
        """A table; None if it was left out."""
        place = self._place(field)
        return None if place is None else FlatTable(self._content, self._target(place))

    def tables(self, field: int) -> Iterator[FlatTable]:
        """A list of tables."""
        for place in self._places(field):
            yield FlatTable(self._content, place)

    def texts(self, field: int) -> list[str]:
        """A list of texts."""
        return [self._content.text(place) for place in self._places(field)]

    def struct(self, field: int, kinds: str) -> tuple[Any, ...]:
        """The numbers that a field of a union leads to."""
        place = self._place(field)
        if place is None:
            raise ArchiveError(f"{self._content.where} lacks a value; save it again")
        target = self._target(place)
        return tuple(
            self._content.number(kind, target + struct.calcsize(kinds[:at])) for at, kind in enumerate(kinds)
        )

    def _place(self, field: int) -> int | None:
        offset = self._fields[field] if field < len(self._fields) else 0
        return self._position + offset if offset else None

    def _target(self, place: int) -> int:
        return place + self._content.number(_OFFSET, place)

    def _vector(self, field: int, size: int) -> tuple[int, int]:
        """Where a list begins, and how many items it has."""
        place = self._place(field)
        return (0, 0) if place is None else self._content.vector(self._target(place), size)

    def _places(self, field: int) -> list[int]:
        """Where the items of a list of offsets lead."""
        start, count = self._vector(field, 4)
        offsets = self._content.numbers(_OFFSET, start, count)
        return [start + 4 * at + offset for at, offset in enumerate(offsets)]
