"""Code in an archive leads back to the program it was made from, in both formats of the table."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from jitcore.archive import Archive, ArchiveError
from jitcore.archive.debug_info import DebugTable
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
