"""Code in an archive leads back to the program it was made from, in both formats of the table."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from jitcore.archive import Archive, ArchiveError
from jitcore.archive.debug_info import DebugTable, unpickle_table
from jitcore.archive.debug_scan import scan
from tests.archive.handmade import name, number, pickled, text


class Gate(nn.Module):
    def forward(self, x: Tensor, flag: bool) -> Tensor:
        label = "größer"
        if flag:
            x = x.mul(2)
        print(label)
        return x.add(1)


def table(*entries: bytes, code: str = "x" * 100) -> DebugTable:
    return DebugTable(lambda: pickled(*entries), "'t.debug_pkl'", code)


def plain_entry(offset: int, source: bytes, start: int, end: int) -> bytes:
    return number(offset) + source + number(start) + number(end) + b"\x87\x86"


def lines_of(*lines: int) -> bytes:
    items = b"".join(number(line) for line in lines)
    return name("torch.jit._pickle", "build_intlist") + b"(](" + items + b"etR"


def test_old_format_holds_whole_texts():
    source = text("abc\ndef") + text("f.py") + number(7) + b"\x87"
    found = table(b"(", plain_entry(10, source, 4, 6), plain_entry(20, source, 0, 1), b"t")
    assert found.origin_of(9) is None
    origin = found.origin_of(10)
    assert (origin.source.text, origin.source.filename, origin.start, origin.end) == (
        "abc\ndef",
        "f.py",
        4,
        6,
    )
    assert origin.file_line_col() == ("f.py", 8, 0)
    assert found.origin_of(19).start == 4
    assert found.origin_of(20).start == 0
    assert found.origin_of(10**9).start == 0
    assert found.origin_of(20).source is origin.source


def test_a_source_without_a_file_name():
    source = text("abc") + b"N" + number(0) + b"\x87"
    assert table(b"(", plain_entry(0, source, 0, 1), b"t").origin_of(0).file_line_col() is None


def test_new_format_holds_lines_in_a_table():
    strings = b"(" + text("") + text("a\n") + text("b\n") + text("f.py") + b"t"
    source = lines_of(1, 2, 1) + number(3) + number(1) + b"\x87"
    nothing = lines_of() + number(0) + number(0) + b"\x87"
    entries = b"".join(
        number(offset) + which + number(start) + number(end) + b"\x87" + number(-1) + b"\x87"
        for offset, which, start, end in ((0, nothing, 0, 0), (5, source, 2, 3), (9, source, 4, 5))
    )
    found = table(text("FORMAT_WITH_STRING_TABLE"), strings, b"(", entries, b"t\x87")
    assert found.origin_of(0).file_line_col() == ("", 0, 0)
    assert found.origin_of(6).source.text == "a\nb\na\n"
    assert found.origin_of(6).file_line_col() == ("f.py", 2, 0)
    assert found.origin_of(9).source is found.origin_of(5).source


def test_offsets_count_bytes_and_ranges_count_characters():
    source = text("# ä\nx") + text("f.py") + number(1) + b"\x87"
    found = table(b"(", plain_entry(0, source, 0, 5), plain_entry(4, source, 5, 6), b"t", code="ää = x")
    assert found.origin_of(1).start == 0
    origin = found.origin_of(2)
    assert (origin.start, origin.end, origin.text()) == (4, 5, "x")


@pytest.mark.parametrize(
    "data",
    [
        b"N",
        b"(Nt",
        b"(K\x01t",
        text("FORMAT_WITH_STRING_TABLE") + b"N(t\x87",
        text("FORMAT_WITH_STRING_TABLE") + b"(K\x01t(t\x87",
        b"(" + plain_entry(0, b"NN\x86", 0, 0) + b"t",
        b"(" + plain_entry(0, b"NNN\x87", 0, 0) + b"t",
        b"(" + plain_entry(0, lines_of(0) + number(0) + number(0) + b"\x87", 0, 0) + b"t",
        text("FORMAT_WITH_STRING_TABLE")
        + (b"(" + text("") + b"t(")
        + (number(0) + lines_of(5) + number(0) + number(0) + b"\x87NN\x87K\x00\x87t\x87"),
        text("FORMAT_WITH_STRING_TABLE")
        + (b"(" + text("") + b"t(")
        + (number(0) + lines_of(5) + number(0) + number(0) + b"\x87K\x00K\x00\x87K\x00\x87t\x87"),
    ],
)
def test_tables_that_make_no_sense(data):
    with pytest.raises(ArchiveError, match=r"'t\.debug_pkl' is not a table of source ranges"):
        table(data).origin_of(0)


def test_origins_are_those_that_torch_reports(tmp_path: Path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.script(Gate()), tmp_path / "g.pt")
    with Archive.open(tmp_path / "g.pt") as archive:
        source = archive.code.source_of(archive.root.type_name)
        graph = str(torch.jit.load(tmp_path / "g.pt").graph)
        for needle, program, reported in (
            ("torch.mul(", "x.mul", "aten::mul"),
            ("torch.add(", "x.add", "aten::add"),
        ):
            origin = source.origins.origin_of(source.text.index(needle))
            assert origin.text() == program
            line = next(line for line in graph.splitlines() if reported in line)
            assert line.endswith("# {}:{}:{}".format(*origin.file_line_col()))


STRINGS = b"(" + text("") + b"q\x01" + text("a\n") + b"q\x02tq\x03"


def string_table(*entries: bytes, strings: bytes = STRINGS) -> bytes:
    return pickled(text("FORMAT_WITH_STRING_TABLE") + b"q\x00", strings, *entries, b"\x87")


LIST_TYPE = name("torch.jit._pickle", "build_intlist") + b"q\x08"
FIRST = b"K\x00" + LIST_TYPE + b"(](etRK\x00K\x00\x87q\x09K\x00K\x00\x87K\x00\x87"
SECOND = (
    b"M\x00\x01h\x08(](K\x01K\x01etRK\x01J\x05\x00\x00\x00\x87r\x0a\x01\x00\x00"
    b"K\x02K\x03\x87J\xff\xff\xff\xff\x87"
)
THIRD = b"M\x01\x01j\x0a\x01\x00\x00K\x00K\x01\x87K\x00\x87"


@pytest.mark.parametrize(
    "data",
    [
        string_table(b"(", FIRST, SECOND, THIRD, FIRST.replace(LIST_TYPE, b"h\x08"), b"tq\x0c"),
        string_table(FIRST, SECOND, THIRD, b"\x87"),
        string_table(FIRST, SECOND, b"\x86q\x0c"),
        string_table(FIRST, b"\x85"),
        string_table(FIRST, b"\x85", strings=text("") + b"q\x01" + text("a\n") + b"q\x02\x86q\x03"),
    ],
)
def test_the_quick_way_finds_what_the_unpickler_finds(data):
    quick = scan(data)
    thorough = unpickle_table(data, "'t.debug_pkl'")
    assert quick is not None
    assert quick.starts == thorough.starts
    assert tuple(quick.strings) == thorough.strings
    for index in range(len(quick.starts)):
        ours, theirs = quick.entry(index), thorough.entry(index)
        assert quick.source(ours[0]) == thorough.source(theirs[0])
        assert ours[1:] == theirs[1:]


@pytest.mark.parametrize(
    "data",
    [
        string_table(b"(", FIRST, THIRD, b"t"),  # refers to a source that was never made
        string_table(b"(", FIRST, b"N", SECOND, b"t"),
        string_table(FIRST, SECOND, b"\x87"),
        string_table(b"(", FIRST, b"\x85"),
        string_table(b"(", FIRST, b"tK\x00"),
        string_table(FIRST, b"\x85", strings=b"N"),
        pickled(b"(t"),
    ],
)
def test_the_quick_way_leaves_other_shapes_alone(data):
    assert scan(data) is None


def test_tables_that_torch_writes_take_the_quick_way(tmp_path: Path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.script(Gate()), tmp_path / "s.pt")
        torch.jit.save(
            torch.jit.trace(nn.Sequential(nn.Linear(2, 2), nn.ReLU()), torch.ones(1, 2)), tmp_path / "t.pt"
        )
    for file in ("s.pt", "t.pt"):
        with Archive.open(tmp_path / file) as archive:
            tables = [record.name for record in archive.records if record.name.endswith(".debug_pkl")]
            assert tables
            assert all(scan(archive.records.read(table)) is not None for table in tables)
