"""Tables of flatbuffers whose offsets repeat: no file makes its reader take more than it is worth."""

from __future__ import annotations

import struct

import pytest

from jitcore.archive.errors import ArchiveError
from jitcore.archive.flat_tables import FlatTable

MANY = 200_000


def file_of(vector: bytes, count: int, rest: bytes) -> memoryview:
    """A file whose root has one field, a list of `count` items that stand in `vector`, and then `rest`."""
    # Root offset, mark, table of offsets (size, size of the table, place of the field), table, list.
    head = struct.pack("<I4s", 16, b"PTMF") + struct.pack("<3Hxx", 6, 8, 4)
    table = struct.pack("<iI", 8, 4)
    return memoryview(head + table + struct.pack("<I", count) + vector + rest)


def list_start() -> int:
    return 16 + 8 + 4


def text(content: bytes) -> bytes:
    return struct.pack("<I", len(content)) + content


def offsets_to(places: list[int]) -> bytes:
    """Offsets of a list, each from where it stands to one of the places behind the list."""
    end = list_start() + 4 * len(places)
    return b"".join(
        struct.pack("<I", end + place - (list_start() + 4 * at)) for at, place in enumerate(places)
    )


def test_texts_are_read_where_the_offsets_lead():
    rest = text(b"one") + text("zwö".encode())
    found = FlatTable.root(file_of(offsets_to([7, 0, 7]), 3, rest), "m.pt").texts(0)
    assert found == ["zwö", "one", "zwö"]


def test_a_text_that_is_named_again_and_again_is_made_once():
    found = FlatTable.root(file_of(offsets_to([0] * MANY), MANY, text(b"x" * 500_000)), "m.pt").texts(0)
    assert len(found) == MANY
    assert {id(each) for each in found} == {id(found[0])}
    assert len(found[0]) == 500_000


def test_texts_that_overlap_are_refused_before_they_fill_memory():
    # Each count of a text is a part of the text before it.
    rest = struct.pack("<I", 100_000) * 50_000 + bytes(200_000)
    places = [4 * at for at in range(20_000)]
    with pytest.raises(ArchiveError, match=r"m\.pt refers to its own parts so often"):
        FlatTable.root(file_of(offsets_to(places), len(places), rest), "m.pt").texts(0)


def test_tables_that_share_a_wide_table_of_offsets_are_refused():
    wide = struct.pack("<2H", 60_000, 4) + bytes(59_996)
    at = 4 * 2000
    tables = b"".join(struct.pack("<i", 4 * number - 8000) for number in range(2000))
    places = [4 * number for number in range(2000)]
    assert at == len(tables)
    root = FlatTable.root(file_of(offsets_to(places), len(places), tables + wide), "m.pt")
    with pytest.raises(ArchiveError, match="so often"):
        list(root.tables(0))


def test_numbers_that_are_asked_for_again_and_again_are_refused():
    root = FlatTable.root(file_of(bytes(8) * 10_000, 10_000, b""), "m.pt")
    with pytest.raises(ArchiveError, match="so often"):
        [root.numbers(0, "q") for _ in range(100)]


def test_what_lies_outside_is_damage():
    for rest, places in ((b"", [0]), (text(b"abc")[:-1], [0]), (text(b"abc"), [1 << 20])):
        with pytest.raises(ArchiveError, match="is cut short, or damaged"):
            FlatTable.root(file_of(offsets_to(places), 1, rest), "m.pt").texts(0)
    with pytest.raises(ArchiveError, match="is cut short, or damaged"):
        FlatTable.root(file_of(b"", 1 << 30, b""), "m.pt").texts(0)
