"""Tables that lead from an archive's generated code back to the program it was made from."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final, cast

from jitcore.archive.errors import ArchiveError
from jitcore.archive.unpickler import unpickle
from jitcore.source import Source, SourceRange

if TYPE_CHECKING:
    from collections.abc import Callable

_STRING_TABLE_FORMAT: Final = "FORMAT_WITH_STRING_TABLE"

_PickledSource = tuple[object, object, object]


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
        self._starts: list[int] | None = None
        self._origins: list[tuple[_PickledSource, int, int]] = []
        self._strings: tuple[str, ...] | None = None
        self._sources: dict[tuple[object, ...], Source] = {}

    def origin_of(self, start: int) -> SourceRange | None:
        """The original range of the code at character `start`; None before the table's first entry."""
        index = self._index_of(start)
        if index < 0:
            return None
        pickled, begin, end = self._origins[index]
        source = self._source(pickled)
        if not source.text.isascii():
            encoded = source.text.encode("utf-8", "surrogateescape")
            begin = len(encoded[:begin].decode("utf-8", "replace"))
            end = len(encoded[:end].decode("utf-8", "replace"))
        return SourceRange(source, begin, end)

    def _index_of(self, start: int) -> int:
        starts = self._starts
        if starts is None:
            starts = self._load()
        if not self._text.isascii():
            if self._byte_offsets is None:
                widths = (len(character.encode("utf-8", "surrogateescape")) for character in self._text)
                self._byte_offsets = list(accumulate(widths, initial=0))
            start = self._byte_offsets[min(start, len(self._text))]
        return bisect_right(starts, start) - 1

    def _load(self) -> list[int]:
        table = unpickle(self._read(), self._where)
        if isinstance(table, tuple) and len(table) == 3 and table[0] == _STRING_TABLE_FORMAT:
            strings, table = table[1], table[2]
            if not isinstance(strings, tuple) or not all(isinstance(text, str) for text in strings):
                raise self._malformed()
            self._strings = cast("tuple[str, ...]", strings)
        if not isinstance(table, tuple):
            raise self._malformed()
        starts: list[int] = []
        origins = self._origins
        for entry in table:
            # (offset, (source, start, end)), and a tag of no meaning here in later releases
            match entry:
                case (int() as offset, ((_, _, _) as source, int() as begin, int() as end), *_) if isinstance(
                    entry, tuple
                ):
                    starts.append(offset)
                    origins.append((cast("_PickledSource", source), begin, end))
                case _:
                    raise self._malformed()
        self._starts = starts
        return starts

    def _source(self, pickled: _PickledSource) -> Source:
        text, filename, line = pickled
        # The same program text is pickled anew for each traced operation: share it by content.
        key = (tuple(cast("list[int]", text)) if isinstance(text, list) else text, filename, line)
        source = self._sources.get(key)
        if source is None:
            source = self._sources[key] = self._make_source(text, filename, line)
        return source

    def _make_source(self, text: object, filename: object, line: object) -> Source:
        strings = self._strings
        if not isinstance(line, int):
            raise self._malformed()
        if strings is None:
            if not isinstance(text, str) or not isinstance(filename, str | None):
                raise self._malformed()
            return Source(text, filename, line - 1)
        if not isinstance(text, list) or not isinstance(filename, int):
            raise self._malformed()
        numbers = cast("list[object]", text)
        for number in (*numbers, filename):
            if not isinstance(number, int) or not 0 <= number < len(strings):
                raise self._malformed()
        lines = [strings[number] for number in cast("list[int]", numbers)]
        return Source("".join(lines), strings[filename], line - 1)

    def _malformed(self) -> ArchiveError:
        return ArchiveError(f"{self._where} is not a table of source ranges; save the file again")
