"""A quick way through tables of source ranges, which can hold a hundred thousand entries.

A table in the format with a string table is pickled in one regular shape, which regular expressions
recognise whole entries of, instead of the dozen instructions that each is made of. A table of any
other shape is left to the unpickler, which gives the same.
"""

from __future__ import annotations

import re
from typing import Final, cast

_HEAD: Final = b"\x80\x02X\x18\x00\x00\x00FORMAT_WITH_STRING_TABLEq\x00"
_NUMBER: Final = rb"(?:K.|M..|J....)"
_LIST_TYPE: Final = rb"(?:h.|j....|ctorch\.jit\._pickle\nbuild_intlist\n(?:q.|r....))"

_STRING: Final = re.compile(rb"X(....)", re.DOTALL)
_MEMOIZED: Final = re.compile(rb"q.|r....", re.DOTALL)
_LENGTHS: Final = {ord("K"): 2, ord("M"): 3, ord("J"): 5}
_NUMBERS: Final = re.compile(_NUMBER, re.DOTALL)
_ENTRY: Final = re.compile(
    # the whole entry: the offset in the code; the source, either as a reference or as lines, file
    # and first line with the memo's number; the range in it; a tag
    (rb"((" + _NUMBER + rb")(?:h(.)|j(....)|" + _LIST_TYPE + rb"\(\]\((" + _NUMBER + rb"*+)etR")
    + (rb"(" + _NUMBER + _NUMBER + rb")\x87(?:q(.)|r(....)))")
    + (rb"(" + _NUMBER + _NUMBER + rb")\x87" + _NUMBER + rb"\x87)"),
    re.DOTALL,
)
_TAIL: Final = re.compile(rb"(?:q.|r....)?\x87\.", re.DOTALL)

_MARK: Final = b"("
_CLOSED: Final = {1: b"\x85", 2: b"\x86", 3: b"\x87"}

_Entry = tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes]
ScannedSource = tuple[bytes, bytes]
"""Pickled numbers of the lines; file and first line."""


class ScannedTable:
    """A table as it was found: numbers stay pickled until they are asked for.

    `starts` are the byte offsets in the code, `strings` the table's texts.
    """

    __slots__ = ("_entries", "_sources", "starts", "strings")

    def __init__(
        self, strings: list[str], entries: list[_Entry], sources: dict[bytes, ScannedSource]
    ) -> None:
        self.strings = strings
        self.starts = [entry[1][1] if len(entry[1]) == 2 else _number(entry[1]) for entry in entries]
        self._entries = entries
        self._sources = sources

    def entry(self, index: int) -> tuple[ScannedSource, int, int]:
        """What stands for the source of an entry, and the range in it."""
        _, _, short, long, lines, file_and_first, _, _, place = self._entries[index]
        source = (lines, file_and_first) if file_and_first else self._sources[long or short]
        length = _LENGTHS[place[0]]
        return source, _number(place[:length]), _number(place[length:])

    def beginning(self, index: int) -> tuple[ScannedSource, int]:
        """What stands for the source of an entry, and where the range in it begins."""
        _, _, short, long, lines, file_and_first, _, _, place = self._entries[index]
        source = (lines, file_and_first) if file_and_first else self._sources[long or short]
        length = _LENGTHS[place[0]]
        return source, place[1] if length == 2 else _number(place[:length])

    def source(self, found: object) -> tuple[tuple[int, ...], int, int]:
        """Numbers of the strings that are a source's lines and file name, and its first line."""
        lines, file_and_first = cast(ScannedSource, found)
        file, first = _NUMBERS.findall(file_and_first)
        return tuple(_number(line) for line in _NUMBERS.findall(lines)), _number(file), _number(first)


def scan(data: bytes) -> ScannedTable | None:
    """The table in the pickle `data`; None if it is not of the usual shape."""
    if not data.startswith(_HEAD):
        return None
    found = _scan_strings(data, len(_HEAD))
    if found is None:
        return None
    strings, position = found
    marked = data[position : position + 1] == _MARK
    position += marked
    entries: list[_Entry] = _ENTRY.findall(data, position)
    # Gaps between entries would leave bytes over at the end.
    position = _after_tuple(data, position + sum(len(entry[0]) for entry in entries), len(entries), marked)
    if _TAIL.fullmatch(data, position) is None:
        return None
    sources = {entry[7] or entry[6]: (entry[4], entry[5]) for entry in entries if entry[5]}
    if not {entry[3] or entry[2] for entry in entries if not entry[5]} <= sources.keys():
        return None
    return ScannedTable(strings, entries, sources)


def _scan_strings(data: bytes, position: int) -> tuple[list[str], int] | None:
    """The texts from `position` on, and where the tuple of entries begins."""
    strings: list[str] = []
    marked = data[position : position + 1] == _MARK
    position += marked
    while (match := _STRING.match(data, position)) is not None:
        start = match.end()
        end = start + int.from_bytes(match[1], "little")
        memoized = _MEMOIZED.match(data, end)
        if memoized is None:
            return None
        strings.append(data[start:end].decode("utf-8", "surrogateescape"))
        position = memoized.end()
    position = _after_tuple(data, position, len(strings), marked)
    memoized = _MEMOIZED.match(data, position)
    return strings, memoized.end() if memoized is not None else position


def _after_tuple(data: bytes, position: int, items: int, marked: bool) -> int:
    """Where the instruction ends that makes a tuple of the items; the data's end if it is another one."""
    closing = b"t" if marked else _CLOSED.get(items)
    if closing is None or data[position : position + 1] != closing:
        return len(data)
    return position + 1


def _number(pickled: bytes) -> int:
    if len(pickled) == 2:
        return pickled[1]
    return int.from_bytes(pickled[1:], "little", signed=len(pickled) == 5)
