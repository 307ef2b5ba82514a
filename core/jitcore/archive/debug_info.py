"""Tables that lead from an archive's generated code back to the program it was made from."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final, cast

from jitcore.archive.debug_scan import ScannedTable, scan
from jitcore.archive.errors import ArchiveError
from jitcore.archive.unpickler import unpickle
from jitcore.archive.values import SavedList
from jitcore.source import Source, SourceRange

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_STRING_TABLE_FORMAT: Final = "FORMAT_WITH_STRING_TABLE"

SourceKey = tuple[str | tuple[int, ...], str | int | None, int]
"""A source as it is in a table: text, file name and first line; or numbers of strings for the first two."""


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
        self._table: ScannedTable | UnpickledTable | None = None
        self._sources: dict[object, Source] = {}

    def origin_of(self, start: int) -> SourceRange | None:
        """The original range of the code at character `start`; None before the table's first entry."""
        table = self._table or self._read_table()
        index = bisect_right(table.starts, self._byte_offset(start)) - 1
        if index < 0:
            return None
        key, begin, end = table.entry(index)
        source = self._sources.get(key) or self._source(table, key)
        if not source.text.isascii():
            encoded = source.text.encode("utf-8", "surrogateescape")
            begin = len(encoded[:begin].decode("utf-8", "replace"))
            end = len(encoded[:end].decode("utf-8", "replace"))
        return SourceRange(source, begin, end)

    def place_of(self, start: int) -> tuple[Source, int] | None:
        """Source and offset at which that range starts."""
        table = self._table or self._read_table()
        index = bisect_right(table.starts, self._byte_offset(start)) - 1
        if index < 0:
            return None
        key, begin = table.beginning(index)
        source = self._sources.get(key) or self._source(table, key)
        if not source.text.isascii():
            begin = len(source.text.encode("utf-8", "surrogateescape")[:begin].decode("utf-8", "replace"))
        return source, begin

    def _read_table(self) -> ScannedTable | UnpickledTable:
        data = self._read()
        table = self._table = scan(data) or unpickle_table(data, self._where)
        return table

    def _source(self, table: ScannedTable | UnpickledTable, key: object) -> Source:
        source = self._sources[key] = self._make_source(table.strings, table.source(key))
        return source

    def _byte_offset(self, start: int) -> int:
        """The offset in UTF-8 of the code's character `start`."""
        if self._text.isascii():
            return start
        if self._byte_offsets is None:
            widths = (len(character.encode("utf-8", "surrogateescape")) for character in self._text)
            self._byte_offsets = list(accumulate(widths, initial=0))
        return self._byte_offsets[min(start, len(self._text))]

    def _make_source(self, strings: Sequence[str] | None, key: SourceKey) -> Source:
        text, filename, line = key
        if isinstance(text, str):
            return Source(text, None if filename is None else str(filename), line - 1)
        if strings is None or not isinstance(filename, int):
            raise _malformed(self._where)
        try:
            lines = [strings[number] for number in text]
            return Source("".join(lines), strings[filename], line - 1)
        except IndexError:
            raise _malformed(self._where) from None


class UnpickledTable:
    """A table read by the unpickler; `strings` is None in the format of before PyTorch 1.13."""

    def __init__(self, strings: Sequence[str] | None) -> None:
        self.strings = strings
        self.starts: list[int] = []
        self.entries: list[tuple[SourceKey, int, int]] = []

    def entry(self, index: int) -> tuple[SourceKey, int, int]:
        """The source of an entry and the range in it, in bytes of its UTF-8."""
        return self.entries[index]

    def beginning(self, index: int) -> tuple[SourceKey, int]:
        """The source of an entry and where the range in it begins."""
        key, begin, _ = self.entries[index]
        return key, begin

    def source(self, found: object) -> SourceKey:
        """The text (or numbers of strings that are its lines), file name (or its number) and first line."""
        return cast(SourceKey, found)


def unpickle_table(data: bytes, where: str) -> UnpickledTable:
    """The table in a record's pickle, of either format; raises `ArchiveError` if it holds none."""
    pickled = unpickle(data, where)
    strings = None
    if isinstance(pickled, tuple) and len(pickled) == 3 and pickled[0] == _STRING_TABLE_FORMAT:
        strings, pickled = pickled[1], pickled[2]
        if not isinstance(strings, tuple) or not all(isinstance(text, str) for text in strings):
            raise _malformed(where)
    if not isinstance(pickled, tuple):
        raise _malformed(where)
    table = UnpickledTable(cast(tuple[str, ...] | None, strings))
    # By identity: one source is given for many entries.
    sources: dict[int, SourceKey] = {}
    for entry in pickled:
        # (offset, (source, start, end)), and a tag of no meaning here in later releases
        match entry:
            case (int() as offset, (tuple() as source, int() as begin, int() as end), *_):
                key = sources.get(id(source))
                if key is None:
                    key = sources[id(source)] = _source_key(source, where)
                table.starts.append(offset)
                table.entries.append((key, begin, end))
            case _:
                raise _malformed(where)
    return table


def _source_key(source: tuple[object, ...], where: str) -> SourceKey:
    match source:
        case (str() as text, str() | None as filename, int() as line):
            return text, filename, line
        case (SavedList() as numbers, int() as filename, int() as line):
            if all(type(number) is int and number >= 0 for number in numbers) and filename >= 0:
                return cast(tuple[int, ...], tuple(numbers)), filename, line
        case _:
            pass
    raise _malformed(where)


def _malformed(where: str) -> ArchiveError:
    return ArchiveError(f"{where} is not a table of source ranges; save the file again")
