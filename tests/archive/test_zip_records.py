"""The zip reader gives windows into the file, and names what is wrong with a damaged one."""

from __future__ import annotations

import mmap
import zipfile

import pytest

from jitcore.archive.errors import ArchiveError
from jitcore.archive.zip_records import ZipRecords
from tests.archive.handmade import Entry


def read_all(path) -> None:
    records = ZipRecords.open(path)
    for record in records:
        records.read(record.name)


def refused(path) -> str:
    with pytest.raises(ArchiveError) as caught:
        read_all(path)
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    return message


def test_stored_records_are_windows_into_the_map(make):
    with ZipRecords.open(make.zip(Entry("m/a", b"hello"), Entry("m/b/c", b"x" * 100))) as records:
        assert records.folder == "m"
        assert [record.name for record in records] == ["a", "b/c"]
        view = records.view("a")
        assert bytes(view) == b"hello"
        assert isinstance(view.obj, mmap.mmap)
        del view


def test_deflated_records_are_inflated(make):
    records = ZipRecords.open(make.zip(Entry("m/a", b"abc" * 1000, method=8)))
    record = records.record("a")
    assert record.compressed
    assert record.stored_size < record.size == 3000
    assert records.read("a") == b"abc" * 1000


def test_closing_leaves_bytes_that_are_in_use(make):
    records = ZipRecords.open(make.zip(Entry("m/a", b"hello")))
    view = records.view("a")
    records.close()
    assert bytes(view) == b"hello"


def test_64_bit_sizes_and_end_record(make):
    records = ZipRecords.open(make.zip(Entry("m/a", b"hello", zip64=True), Entry("m/b", b"!"), end64=True))
    assert records.read("a") == b"hello"
    assert records.read("b") == b"!"


def test_archives_that_other_tools_wrote(tmp_path):
    path = tmp_path / "z.pt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("m")
        archive.writestr("m/a", "hello")
        archive.comment = b"a comment PK\x05\x06 that looks like an end"
    assert ZipRecords.open(path).read("a") == b"hello"


def test_verify_tells_changed_bytes(make):
    path = make.zip(Entry("m/a", b"hello"), Entry("m/b", b"world"))
    path.write_bytes(path.read_bytes().replace(b"world", b"w0rld", 1))
    records = ZipRecords.open(path)
    records.verify("a")
    with pytest.raises(ArchiveError, match=r"'b' is damaged, its checksum"):
        records.verify("b")
    with pytest.raises(ArchiveError, match=r"'b' is damaged, its checksum"):
        records.read("b")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"hello", "not a zip file"),
        (b"\x80\x02}q\x00.", "a pickle written by torch.save"),
        (b"PYTORCH1" + bytes(100), "preview"),
        (bytes(4) + b"PTMF" + bytes(100), "flatbuffer"),
        (b"PK\x03\x04" + bytes(100), "truncated"),
    ],
)
def test_files_that_are_something_else(make, content, reason):
    assert reason in refused(make.file(content))


def test_a_folder_a_missing_file_and_a_name_that_cannot_be(tmp_path):
    assert "is a folder" in refused(tmp_path)
    assert "No such file" in refused(tmp_path / "none.pt")
    with pytest.raises(ArchiveError, match="cannot be opened"):
        ZipRecords.open("a\0b")


def test_every_truncation_is_told(make):
    whole = make.zip(Entry("m/a", b"hello" * 10), Entry("m/b", b"world")).read_bytes()
    for length in range(1, len(whole)):
        refused(make.file(whole[:length]))


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([Entry("m/a", b"1"), Entry("m/a", b"2")], "holds the record 'm/a' twice"),
        ([Entry("m/a", b"12345"), Entry("m/b", b"12345", offset=3)], "overlaps"),
        ([Entry("m/a", b"1234"), Entry("m/b", b"5", local_name="m/c")], "carries another name"),
        ([Entry("m/a", b"1234", stored_size=400, size=400)], "overlaps"),
        ([Entry("m/a", b"1234", offset=10**9)], "overlaps"),
        ([Entry("m/a", b"1234", size=5)], "two sizes"),
        ([Entry("m/a", b"1234", method=8, size=5)], "does not inflate"),
        ([Entry("m/a", b"1234", method=8, size=3)], "does not inflate"),
        ([Entry("m/a", b"1234", method=12)], "compressed by method 12"),
        ([Entry("m/a", b"1234", flags=1)], "encrypted"),
        ([Entry("m/../../etc/passwd", b"")], "unsafe name"),
        ([Entry("/m/a", b"")], "unsafe name"),
        ([Entry("m\\a", b"")], "unsafe name"),
        ([Entry("m/\udcff", b"")], "not UTF-8"),
        ([Entry("m/a", b""), Entry("n/a", b"")], "outside of 'm/'"),
        ([Entry("a", b"")], "does not lie in a folder"),
        ([], "empty zip"),
        ([Entry("m/bomb", bytes(10), method=8, size=10**6)], "made to fill memory"),
        ([Entry("m/bomb", bytes(10**6), method=8, size=400 << 20)], "made to fill memory"),
    ],
)
def test_hostile_directories(make, entries, reason):
    assert reason in refused(make.zip(*entries))


def test_a_directory_that_claims_too_many_records(make):
    assert "too small for the 60000 records" in refused(make.zip(Entry("m/a", b"1"), count=60000))
    assert "damaged" in refused(make.zip(Entry("m/a", b"1"), Entry("m/b", b"2"), count=1))


def test_bytes_after_the_end(make):
    assert "truncated" in refused(make.zip(Entry("m/a", b"1"), trailer=b"junk"))


def test_a_64_bit_end_record_that_lies(make):
    whole = make.zip(Entry("m/a", b"1"), end64=True).read_bytes()
    place = whole.rindex(b"PK\x06\x07") + 8
    assert "end record" in refused(make.file(whole[:place] + b"\xff" + whole[place + 1 :]))


def test_invalid_deflate_stream(make):
    whole = make.zip(Entry("m/a", b"hello world" * 9, method=8)).read_bytes()
    assert "not valid" in refused(make.file(whole[:33] + b"\xff" * 4 + whole[37:]))


def test_a_missing_record_is_named(make):
    with pytest.raises(ArchiveError, match="lacks the record 'b'"):
        ZipRecords.open(make.zip(Entry("m/a", b"1"))).view("b")
