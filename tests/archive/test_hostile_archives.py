"""Whatever is wrong with an archive is one sentence that says what and where; nothing it names is run."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress

import pytest

from jitcore.archive import Archive, ArchiveError, tensor_digests
from tests.archive.handmade import Entry, module_of, name, pickled, tensor, text

FOUR_FLOATS = bytes(16)


def read_all(path) -> None:
    archive = Archive.open(path)
    for qualifier in archive.code.qualifiers():
        archive.code.source(qualifier)
    _ = archive.root, archive.constants
    archive.verify()


def refused(path) -> str:
    with pytest.raises(ArchiveError) as caught:
        read_all(path)
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    return message


def test_a_whole_archive_is_accepted(make):
    archive = Archive.open(make.archive(module_of(text("w"), tensor()), {"data/0": FOUR_FLOATS}))
    assert archive.root.attributes["w"].shape == (4,)
    assert archive.version == 3
    archive.verify()


def test_a_pickle_that_would_run_a_command(make, tmp_path):
    evidence = tmp_path / "ran"
    data = pickled(name("os", "system"), text(f"touch {evidence}"), b"\x85R")
    assert "'data.pkl' names os.system" in refused(make.archive(data))
    assert "'constants.pkl' names os.system" in refused(make.archive(records={"constants.pkl": data}))
    assert not evidence.exists()


@pytest.mark.parametrize(
    ("tensor_fields", "record", "reason"),
    [
        ({"numel": 5}, FOUR_FLOATS, "wants 5 elements of float32"),
        ({"numel": 2**62}, FOUR_FLOATS, "wants 4611686018427387904 elements"),
        ({"numel": -1}, FOUR_FLOATS, "malformed"),
        ({}, None, "lacks the record 'data/0'"),
        ({"key": "../version"}, FOUR_FLOATS, "lacks the record 'data/../version'"),
        ({"shape": (5,)}, FOUR_FLOATS, "reaches element 4 of a storage of 4 elements"),
        ({"offset": 1}, FOUR_FLOATS, "reaches element 4"),
        ({"strides": (2,)}, FOUR_FLOATS, "reaches element 6"),
        ({"strides": (-1,)}, FOUR_FLOATS, "negative"),
        ({"shape": (-1,)}, FOUR_FLOATS, "negative"),
        ({"offset": -1}, FOUR_FLOATS, "negative"),
        ({"strides": (1, 1)}, FOUR_FLOATS, "1 sizes but 2 strides"),
        ({"shape": (2**58, 2), "strides": (1, 1)}, FOUR_FLOATS, "reaches element"),
        ({"shape": (2**60, 2**60), "strides": (2**60, 1)}, FOUR_FLOATS, "more than 64 bits can count"),
        ({"shape": (2**31, 2**31), "strides": (0, 0)}, FOUR_FLOATS, "more than 64 bits can count"),
        ({"shape": (2,) * 64, "strides": (0,) * 64}, FOUR_FLOATS, "more than 64 bits can count"),
        ({"storage": "DoubleStorage"}, FOUR_FLOATS, "wants 4 elements of float64"),
        ({"storage": "EvilStorage"}, FOUR_FLOATS, "names torch.EvilStorage"),
    ],
)
def test_tensors_that_reach_out_of_their_record(make, tensor_fields, record, reason):
    path = make.archive(module_of(text("w"), tensor(**tensor_fields)), {"data/0": record})
    assert reason in refused(path)


def test_a_storage_described_in_two_ways(make):
    data = module_of(text("a"), tensor(), text("b"), tensor(numel=3, shape=(3,)))
    assert "describes 'data/0' in two ways" in refused(make.archive(data, {"data/0": FOUR_FLOATS}))


def test_a_view_that_would_fill_memory(make):
    data = module_of(text("w"), tensor(shape=(2**40, 4), strides=(0, 1)))
    view = Archive.open(make.archive(data, {"data/0": FOUR_FLOATS})).root.attributes["w"]
    with pytest.raises(ArchiveError, match="would expand to"):
        view.data()
    with pytest.raises(ArchiveError, match="would expand to"):
        view.sha256()


def test_views_that_together_would_take_forever_to_read(make):
    views = [part for i in range(40) for part in (text(f"w{i}"), tensor(shape=(2**26,), strides=(0,)))]
    archive = Archive.open(make.archive(module_of(*views), {"data/0": FOUR_FLOATS}))
    with pytest.raises(ArchiveError, match=r"views of 10,737,418,240 bytes, and the file holds \d+"):
        tensor_digests(archive)


def test_a_tensor_with_many_paths_is_read_once(make):
    shared = b"](" + tensor() + b"q\x63" + b"h\x63" * 999 + b"e"
    archive = Archive.open(make.archive(module_of(text("w"), shared), {"data/0": FOUR_FLOATS}))
    digests = tensor_digests(archive)
    assert [path for path, _ in digests] == [f"w[{i}]" for i in range(1_000)]
    assert {digest for _, digest in digests} == {hashlib.sha256(FOUR_FLOATS).hexdigest()}


def test_names_cannot_play_with_a_terminal(make):
    message = refused(make.archive(pickled(name("o\x1b[2Js", "sys"), b"0")))
    assert "names o\\x1b[2Js.sys" in message


def test_nested_and_self_containing_values(make):
    assert "deep" in refused(make.archive(module_of(text("a"), b"]" * 100_000 + b"a" * 99_999)))
    assert "contains itself" in refused(make.archive(module_of(text("a"), b"]q\x00h\x00a")))
    itself = pickled(name("__torch__", "M"), b")\x81q\x00}", text("me"), b"h\x00sb")
    assert "contains itself" in refused(make.archive(itself))


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        ({"version": b"99\n"}, "version 99; versions up to 10 are known"),
        ({"version": b"0\n"}, "too old"),
        ({"version": b"three"}, "'version' is b'three', not a number"),
        ({"version": None}, "lacks the record 'version'"),
        ({"data.pkl": None}, "lacks the record 'data.pkl'"),
        ({"constants.pkl": None}, "lacks the record 'constants.pkl'"),
        ({"constants.pkl": None, "code/__torch__.py": None}, "written by torch.save"),
        ({"byteorder": b"middle"}, "neither little nor big"),
        ({"model.json": b"{}"}, "PyTorch 1.3 or older"),
        ({"archive_format": b"pt2"}, "torch.export"),
        ({".data/ts_code/0/data.pkl": b""}, "torch.package"),
        ({"code/a.py": b"x = \xff"}, "'code/a.py' is not UTF-8 at its byte 4"),
        ({"constants.pkl": pickled(b"N")}, "'constants.pkl' is not a tuple"),
        ({"data.pkl": pickled(b"N")}, "'data.pkl' holds no module"),
        ({"data.pkl": b"\x80\x04N."}, "'data.pkl' is not a pickle of protocol 2"),
    ],
)
def test_records_that_are_wrong(make, records, reason):
    assert reason in refused(make.archive(records=records))


def test_a_zip_of_something_else(make):
    assert "not TorchScript" in refused(make.zip(Entry("m/readme", b"hello")))


def test_weights_whose_checksum_is_wrong_are_told_on_verify_only(make):
    path = make.archive(module_of(text("w"), tensor()), {"data/0": FOUR_FLOATS})
    whole = path.read_bytes()
    start = whole.index(b"m/data/0") + len("m/data/0")
    path.write_bytes(whole[:start] + b"\x01" + whole[start + 1 :])
    archive = Archive.open(path)
    assert archive.root.attributes["w"].data()[0] == 1
    with pytest.raises(ArchiveError, match="'data/0' is damaged, its checksum"):
        archive.verify()


def test_big_endian_weights_are_turned(make):
    big = bytes.fromhex("3f800000 40000000 40400000 40800000")
    path = make.archive(module_of(text("w"), tensor()), {"data/0": big, "byteorder": b"big"})
    weight = Archive.open(path).root.attributes["w"]
    assert weight.to_numpy().tolist() == [1, 2, 3, 4]
    assert bytes(weight.data()[:4]) == bytes.fromhex("0000803f")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file(make):
    path = make.archive()
    path.chmod(0)
    assert "Permission denied" in refused(path)


def test_every_changed_byte_is_told_or_harmless(make):
    whole = make.archive(module_of(text("w"), tensor()), {"data/0": FOUR_FLOATS}).read_bytes()
    for position in range(len(whole)):
        path = make.file(whole[:position] + bytes([whole[position] ^ 0xFF]) + whole[position + 1 :])
        with suppress(ArchiveError):
            read_all(path)
