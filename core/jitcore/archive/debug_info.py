"""Tables that lead from an archive's generated code back to the program it was made from."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final, cast

from jitcore.archive.debug_scan import ScannedTable, scan
from jitcore.archive.errors import ArchiveError
from jitcore.archive.unpickler import unpickle
from jitcore.source import Source, SourceRange

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_STRING_TABLE_FORMAT: Final = "FORMAT_WITH_STRING_TABLE"

_Key = tuple[object, object, object]


class DebugTable:
    """Origins of the ranges of one code file; the table is read when first asked.

    An `OriginMap` of the file's `Source`. Offsets in the table count bytes of UTF-8, those of
    `SourceRange` characters; this is the place that translates.
    """

    def __init__(self, read: Callable[[], bytes], where: str, text: str) -> None:
        self._read = read
        self._where = where
        self._text = text
        self._byte_offsets: list[int] | None = None
        self._table: ScannedTable | _UnpickledTable | None = None
        self._sources: dict[tuple[object, ...], Source] = {}

    def origin_of(self, start: int) -> SourceRange | None:
        """The original range of the code at character `start`; None before the table's first entry."""
        table = self._table
        if table is None:
            data = self._read()
            table = self._table = scan(data) or unpickle_table(data, self._where)
        index = bisect_right(table.starts, self._byte_offset(start)) - 1
        if index < 0:
            return None
        key, begin, end = table.entry(index)
        source = self._sources.get(key)
        if source is None:
            source = self._sources[key] = self._make_source(table.strings, *table.source(key))
        if not source.text.isascii():
            encoded = source.text.encode("utf-8", "surrogateescape")
            begin = len(encoded[:begin].decode("utf-8", "replace"))
            end = len(encoded[:end].decode("utf-8", "replace"))
        return SourceRange(source, begin, end)

    def _byte_offset(self, start: int) -> int:
        """The offset in UTF-8 of the code's character `start`."""
        if self._text.isascii():
            return start
        if self._byte_offsets is None:
            widths = (len(character.encode("utf-8", "surrogateescape")) for character in self._text)
            self._byte_offsets = list(accumulate(widths, initial=0))
        return self._byte_offsets[min(start, len(self._text))]

    def _make_source(
        self, strings: Sequence[str] | None, text: object, filename: object, line: object
    ) -> Source:
        if not isinstance(line, int):
            raise _malformed(self._where)
        if strings is None:
            if not isinstance(text, str) or not isinstance(filename, str | None):
                raise _malformed(self._where)
            return Source(text, filename, line - 1)
        if not isinstance(text, tuple) or not isinstance(filename, int):
            raise _malformed(self._where)
        numbers = cast(tuple[object, ...], text)
        for number in (*numbers, filename):
            if not isinstance(number, int) or not 0 <= number < len(strings):
                raise _malformed(self._where)
        lines = [strings[number] for number in cast(tuple[int, ...], numbers)]
        return Source("".join(lines), strings[filename], line - 1)


class _UnpickledTable:
    """A table read by the unpickler; `strings` is None in the format of before PyTorch 1.13."""

    def __init__(self, strings: Sequence[str] | None) -> None:
        self.strings = strings
        self.starts: list[int] = []
        self._entries: list[tuple[_Key, int, int]] = []

    def add(self, start: int, source: _Key, begin: int, end: int) -> None:
        self.starts.append(start)
        self._entries.append((source, begin, end))

    def entry(self, index: int) -> tuple[_Key, int, int]:
        """What stands for the source of an entry, and the range in it."""
        (text, filename, line), begin, end = self._entries[index]
        if isinstance(text, list):
            text = tuple(cast(list[object], text))
        return (text, filename, line), begin, end

    def source(self, found: tuple[object, ...]) -> _Key:
        """The text (or numbers of strings that are its lines), file name (or its number) and first line."""
        text, filename, line = found
        return text, filename, line


def unpickle_table(data: bytes, where: str) -> _UnpickledTable:
    """The table in a record's pickle, of either format; raises `ArchiveError` if it holds none."""
    entries = unpickle(data, where)
    strings = None
    if isinstance(entries, tuple) and len(entries) == 3 and entries[0] == _STRING_TABLE_FORMAT:
        strings, entries = entries[1], entries[2]
        if not isinstance(strings, tuple) or not all(isinstance(text, str) for text in strings):
            raise _malformed(where)
    if not isinstance(entries, tuple):
        raise _malformed(where)
    table = _UnpickledTable(cast(tuple[str, ...] | None, strings))
    for entry in entries:
        # (offset, (source, start, end)), and a tag of no meaning here in later releases
        match entry:
            case (int() as offset, ((text, filename, line), int() as begin, int() as end), *_):
                table.add(offset, (text, filename, line), begin, end)
            case _:
                raise _malformed(where)
    return table


def _malformed(where: str) -> ArchiveError:
    return ArchiveError(f"{where} is not a table of source ranges; save the file again")
