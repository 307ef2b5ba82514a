"""Whatever is wrong with a file of tensors is one sentence; nothing that it names is run."""

from __future__ import annotations

import argparse
import random
import struct
from pathlib import Path

import pytest
import torch

from jitcore.archive import ArchiveError
from jitcore.archive.tensor_files import open_archive_or_tensors, tensor_file
from tests.archive.handmade import name, pickled, text
from tests.archive.tensor_files.making import pickled_file, rewritten, safetensors, saved
from tests.fuzz.opening import open_fully

LEGACY = {"_use_new_zipfile_serialization": False}


def refused(path: str, said: str) -> str:
    with pytest.raises(ArchiveError, match=said) as caught:
        open_archive_or_tensors(path)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.startswith(path)
    return sentence


def number(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def storage(key: str = "0", numel: int = 4, element: str = "FloatStorage", device: str = "cpu") -> bytes:
    return b"(" + text("storage") + name("torch", element) + text(key) + text(device) + number(numel) + b"tQ"


def tensor(stored: bytes, offset: int = 0, shape: bytes = number(4) + b"\x85", strides: bytes = b"K\x01\x85"):
    arguments = b"(" + stored + number(offset) + shape + strides + b"\x89" + b"}" + b"t"
    return name("torch._utils", "_rebuild_tensor_v2") + arguments + b"R"


FLOATS = {"data/0": bytes(16)}


def test_a_file_by_hand_is_read(tmp_path):
    tensors = open_archive_or_tensors(pickled_file(pickled(tensor(storage())), tmp_path, **FLOATS)).tensors
    assert tensors["(value)"].shape == (4,)


@pytest.mark.parametrize("protocol", [2, 4])
def test_what_would_run_a_command_is_named(tmp_path, protocol):
    evidence = tmp_path / "ran"
    call = text(f"touch {evidence}") + b"\x85R"
    named = name("os", "system") if protocol == 2 else text("os") + text("system") + b"\x93"
    path = pickled_file(pickled(named, call), tmp_path)
    assert "holds a pickled os.system, which only the Python that defines it reads" in refused(
        path, "os.system"
    )
    assert not evidence.exists()


@pytest.mark.parametrize("options", [{}, LEGACY, {**LEGACY, "pickle_protocol": 4}])
def test_more_than_tensors_is_named_with_what_to_do(tmp_path, options):
    model = torch.nn.Linear(2, 2)
    said = r"holds a pickled torch\.nn\.modules\.linear\.Linear.*load it there with torch\.load, then compile"
    refused(saved(model, tmp_path, **options), said)
    held = {"args": argparse.Namespace(lr=1), "model": model.state_dict()}
    refused(saved(held, tmp_path, **options), r"holds a pickled argparse\.Namespace")


DEEP_KEY = b"".join([number(1), b"\x85" * 100_000])
BROKEN = {
    "a short storage": (tensor(storage(numel=5)), FLOATS, "wants 5 elements of float32 from 'data/0'"),
    "no record": (tensor(storage("7")), FLOATS, "lacks the record 'data/7'"),
    "out of the storage": (tensor(storage(), offset=1), FLOATS, "reaches element 4 of a storage of 4"),
    "no device": (tensor(storage(device="moon")), FLOATS, "malformed"),
    "two descriptions": (
        b"(" + tensor(storage()) + tensor(storage(numel=3)) + b"t", FLOATS, "the storage '0' in two ways"
    ),
    "a sparse layout": (
        name("torch._utils", "_rebuild_sparse_tensor") + name("torch.serialization", "_get_layout")
        + text("torch.sparse_moon") + b"\x85R" + b")\x86R", {}, "the sparse layout is none"),
    "a size of many": (
        name("torch", "Size") + b"(" + b"K\x01" * 2000 + b"tt"[:1] + b"\x85R", {}, "as no tensor has"),
    "a key that is nested": (b"}" + DEEP_KEY + b"K\x01s", {}, "is the key of a dict"),
    "a key that is a list": (b"}]K\x01s", {}, "a SavedList is the key of a dict"),
    "a value in itself": (b"}q\x00" + text("a") + b"h\x00s", {}, "contains itself"),
    "nested too deep": (b"]" * 500 + b"a" * 499, {}, "nests values more than 128 deep"),
    "a state of a number": (b"K\x01}b", {}, "gives a state to a int"),
    "a class of tensors": (name("torch", "Tensor") + b")R", {}, "makes a tensor without a storage"),
    "bytes that are none": (
        name("_codecs", "encode") + text("ł") + text("latin1") + b"\x86R", {}, "has signs that are none"),
    "a scalar of numpy": (
        name("numpy", "dtype") + text("f8") + b"\x89\x88\x87R" + b"q\x01" + b"0"
        + name("numpy.core.multiarray", "scalar") + b"h\x01C\x03abc\x86R", {}, "has 3 bytes"),
    "a dtype of numpy": (name("numpy", "dtype") + text("f" * 50) + b"\x85R", {}, "none of numpy's"),
    "a device of a number": (
        name("torch", "device") + text("cuda") + number(-1) + b"\x86R", {}, "device is none"),
    "an unknown instruction": (b"\xfe", {}, "0xfe is no instruction that torch.save writes"),
    "the end": (b"X\xff\xff\xff\xff", {}, "it ends or refers to something missing"),
    "nothing on the stack": (b"R", {}, "it ends or refers to something missing"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken_is_one_sentence(tmp_path, case):
    pickle, records, said = BROKEN[case]
    refused(pickled_file(pickled(pickle), tmp_path, **records), said)


def test_a_pickle_that_repeats_a_long_part_takes_no_more_than_its_size(tmp_path):
    """A text, a list or a size that is named again and again is not copied or gone through each time."""
    many = 20_000
    long = "x" * 500_000
    for first, build in (
        (text(long), name("_codecs", "encode") + b"h\x00" + text("latin1") + b"\x86R0"),
        (b"]" + b"(" + b"K\x01" * 200_000 + b"e", name("builtins", "set") + b"h\x00\x85R0"),
        (b"(" + b"K\x01" * 900 + b"t", name("torch", "Size") + b"h\x00\x85R0"),
    ):
        path = pickled_file(pickled(first + b"q\x00" + build * many), tmp_path)
        open_archive_or_tensors(path).close()


def test_a_file_of_more_values_or_names_than_are_kept_is_refused(tmp_path, monkeypatch):
    value = {f"n{at}": 1 for at in range(50)}
    path = saved({"w": torch.ones(1), **value}, tmp_path)
    assert len(open_archive_or_tensors(path).entries) == 51
    monkeypatch.setattr(tensor_file, "_MOST_ENTRIES", 50)
    refused(path, "holds more than 50 values")
    monkeypatch.undo()
    monkeypatch.setattr(tensor_file, "_MOST_NAMED", 100)
    refused(path, "longer names than are kept")


def test_long_names_and_many_dots_are_kept_short(tmp_path):
    value = {"." * 900: torch.ones(1), "y" * 5000: torch.ones(1), ("z" * 5000,): torch.ones(1)}
    parts = [entry.parts for entry in open_archive_or_tensors(saved(value, tmp_path)).entries]
    assert len(parts[0]) == 64
    assert [len(names[0]) for names in parts[1:]] == [1001, 1001]


def test_a_dict_or_list_of_many_plain_values_is_one_entry(tmp_path):
    value = {
        "words": {str(at): at for at in range(1001)},
        "pairs": [[1, 2]] * 5,
        "few": {"a": 1},
        "w": torch.ones(1),
    }
    names = [entry.name for entry in open_archive_or_tensors(saved(value, tmp_path)).entries]
    assert names == ["words", "pairs", "few.a", "w"]


def legacy(tmp_path) -> bytes:
    return Path(
        saved({"w": torch.arange(4.0), "v": torch.tensor([5.0, 6.0])}, tmp_path, **LEGACY)
    ).read_bytes()


def changed(tmp_path, content: bytes) -> str:
    path = tmp_path / "changed.pt"
    path.write_bytes(content)
    return str(path)


def test_a_file_of_before_1_6_that_is_cut_says_so(tmp_path):
    whole = legacy(tmp_path)
    refused(changed(tmp_path, whole[:-1]), "is truncated: it ends within the storage")
    refused(changed(tmp_path, whole[:-40]), "is truncated|it ends or refers")
    for size in (32, 60, 120, 300):
        refused(changed(tmp_path, whole[:size]), "damaged|truncated|ends")


def test_a_file_of_before_1_6_whose_counts_are_wrong_says_so(tmp_path):
    whole = legacy(tmp_path)
    place = whole.rindex(struct.pack("<q", 2))
    for count in (1 << 40, -1):
        made = whole[:place] + struct.pack("<q", count) + whole[place + 8 :]
        refused(changed(tmp_path, made), f"holds {count} elements instead of 2")
    version = whole.index(b"M\xe9\x03")
    refused(changed(tmp_path, whole[:version] + b"M\xea\x03" + whole[version + 3 :]), "version of the format")


def test_views_of_storages_from_before_0_4_are_the_parts_that_they_were(tmp_path):
    whole = legacy(tmp_path)
    reference = b"K\x02N"
    assert whole.count(reference) == 1
    view = b"K\x02(" + text("part") + b"K\x01K\x01t"
    path = changed(tmp_path, whole.replace(reference, view).replace(b"K\x02\x85", b"K\x01\x85", 1))
    theirs = torch.load(path)
    ours = open_archive_or_tensors(path).tensors
    assert ours["v"].to_numpy().tolist() == theirs["v"].tolist() == [6.0]
    refused(
        changed(tmp_path, whole.replace(reference, b"K\x02(" + text("part") + b"K\x01K\x02t")), "reaches 3"
    )


def damaged(content: bytes, draw: random.Random) -> bytes:
    made = bytearray(content)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(made))
        kind = draw.randrange(3)
        if kind == 0:
            made[at] = draw.randrange(256)
        elif kind == 1:
            del made[at : at + draw.randint(1, 8)]
        else:
            made[at:at] = bytes(draw.randrange(256) for _ in range(draw.randint(1, 8)))
    return bytes(made)


def test_damage_anywhere_ends_in_sentences(tmp_path):
    """Pickles, whole files of before 1.6 and headers of safetensors, changed at random places."""
    draw = random.Random(7)
    value = {"m": {"w": torch.arange(4.0), "q": torch.ones(2, dtype=torch.uint16)}, "n": [1, "a"]}
    inner = tmp_path / "inner"
    inner.mkdir()
    zipped = Path(saved(value, inner)).read_bytes()
    old = Path(saved(value, inner, **LEGACY)).read_bytes()
    header = b'{"a.w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"k":"v"}}'
    refusals = 0
    for _ in range(150):
        path = tmp_path / "saved.pt"
        path.write_bytes(zipped)
        rewritten(str(path), lambda n, data: damaged(data, draw) if n == "data.pkl" else data)
        paths = [str(path), changed(tmp_path, damaged(old, draw))]
        paths.append(safetensors(damaged(header, draw), bytes(8), tmp_path))
        for each in paths:
            refusals += bool(open_fully(each))
    assert refusals > 100
