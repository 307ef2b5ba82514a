"""Tables of source ranges, which lead from the written code back to the program that it was made from."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

from jitcore.archive.writing.pickle_stream import EMPTY_LIST, MARK, REDUCE, STOP, TUPLE, PickleStream, integer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jitcore.source import Source, SourceRange

_FORMAT: Final = "FORMAT_WITH_STRING_TABLE"


class DebugRecords:
    """Makes the tables of one archive, in which equal ranges have one tag."""

    def __init__(self) -> None:
        self._tags: dict[tuple[int, int, int], int] = {}
        self._kept: list[Source] = []

    def table(self, ranges: Iterable[tuple[int, SourceRange | None]]) -> bytes:
        """The pickled table of a file: where in its bytes the code of each range begins."""
        return _Table(
            self._tags, self._kept, [(offset, _written(place)) for offset, place in ranges]
        ).pickle()


class _Table:
    """One table: texts first, then the entries, whose sources are made of numbers of texts."""

    def __init__(
        self,
        tags: dict[tuple[int, int, int], int],
        kept: list[Source],
        ranges: list[tuple[int, SourceRange | None]],
    ) -> None:
        self._tags = tags
        self._kept = kept
        self._ranges = ranges
        self._texts: dict[str, int] = {"": 0}
        self._sources: dict[int, tuple[list[int], int, int]] = {}
        self._bytes_before: dict[int, list[int]] = {}

    def pickle(self) -> bytes:
        for _, place in self._ranges:
            if place is not None and id(place.source) not in self._sources:
                self._add_source(place.source)
        stream = PickleStream()
        stream.text(_FORMAT)
        stream.begin_tuple(len(self._texts))
        for text in self._texts:
            stream.text(text)
        stream.end_tuple(len(self._texts))
        stream.remember("texts")
        stream.begin_tuple(len(self._ranges))
        for offset, place in self._ranges:
            self._push_entry(stream, offset, place)
        stream.end_tuple(len(self._ranges))
        stream.remember("entries")
        stream.end_tuple(3)
        stream.op(STOP)
        return bytes(stream.data)

    def _add_source(self, source: Source) -> None:
        lines = [self._number(line) for line in _lines(source)]
        name = 0 if source.filename is None else self._number(source.filename)
        # Lines are counted from 1, those of a text that is in no file from 0.
        first = source.starting_line + (source.filename is not None)
        self._sources[id(source)] = lines, name, first
        self._kept.append(source)

    def _number(self, text: str) -> int:
        return self._texts.setdefault(text, len(self._texts))

    def _push_entry(self, stream: PickleStream, offset: int, place: SourceRange | None) -> None:
        data = stream.data
        data += integer(offset)
        if place is None:
            key, start, end = 0, 0, 0
            source: tuple[list[int], int, int] = ([], 0, 0)
        else:
            key = id(place.source)
            source = self._sources[key]
            start, end = self._bytes(place.source, place.start), self._bytes(place.source, place.end)
        if not stream.recall(key):
            self._push_source(stream, source)
            stream.remember(key)
        data += integer(start) + integer(end)
        stream.end_tuple(3)
        data += integer(self._tags.setdefault((key, start, end), len(self._tags)))
        stream.end_tuple(3)

    @staticmethod
    def _push_source(stream: PickleStream, source: tuple[list[int], int, int]) -> None:
        lines, name, first = source
        stream.reference("torch.jit._pickle", "build_intlist")
        stream.op(MARK, EMPTY_LIST, MARK)
        stream.data += b"".join(map(integer, lines))
        stream.op(b"e", TUPLE, REDUCE)
        stream.integer(name)
        stream.integer(first)
        stream.end_tuple(3)

    def _bytes(self, source: Source, offset: int) -> int:
        """The offset in the UTF-8 of a source's character `offset`."""
        if source.text.isascii():
            return offset
        before = self._bytes_before.get(id(source))
        if before is None:
            widths = (len(character.encode("utf-8", "surrogateescape")) for character in source.text)
            before = self._bytes_before[id(source)] = list(accumulate(widths, initial=0))
        return before[min(offset, len(source.text))]


def _written(place: SourceRange | None) -> SourceRange | None:
    """The range that code is said to come from; None for what is nothing that a person wrote."""
    return None if place is None or (place.end == 0 and not place.source.text) else place


def _lines(source: Source) -> Iterable[str]:
    starts = source.line_starts
    for start, end in zip(starts, [*starts[1:], len(source.text)], strict=True):
        yield source.text[start:end]
