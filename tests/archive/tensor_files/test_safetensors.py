"""Files of safetensors are read as their format is described, and what does not fit it is one sentence."""

from __future__ import annotations

import json
import tracemalloc

import pytest
import torch

from jitcore.archive import ArchiveError
from jitcore.archive.tensor_files import TensorFile, open_archive_or_tensors
from tests.archive.tensor_files.making import described, safetensors

TORCH = {
    "BOOL": torch.bool, "U8": torch.uint8, "I8": torch.int8, "U16": torch.uint16, "I16": torch.int16,
    "F16": torch.float16, "BF16": torch.bfloat16, "U32": torch.uint32, "I32": torch.int32,
    "F32": torch.float32,
    "U64": torch.uint64, "I64": torch.int64, "F64": torch.float64, "C64": torch.complex64,
    "F8_E4M3": torch.float8_e4m3fn, "F8_E5M2": torch.float8_e5m2, "F8_E8M0": torch.float8_e8m0fnu,
    "F8_E4M3FNUZ": torch.float8_e4m3fnuz, "F8_E5M2FNUZ": torch.float8_e5m2fnuz,
}  # fmt: skip


def test_every_type_holds_the_bytes_that_the_header_gives_it(tmp_path):
    header, data, tensors = {"__metadata__": {"format": "pt"}}, b"", {}
    for name, kind in TORCH.items():
        raw = torch.randint(0, 2, (6 * kind.itemsize,), dtype=torch.uint8)
        tensors[f"layer.{name}"] = raw.view(kind).reshape(2, 3)
        header[f"layer.{name}"] = described(name, [2, 3], len(data), len(data) + raw.numel())
        data += raw.numpy().tobytes()
    opened = open_archive_or_tensors(safetensors(header, data, tmp_path))
    assert isinstance(opened, TensorFile)
    assert opened.metadata == {"format": "pt"}
    assert list(opened.tensors) == list(tensors)
    for name, theirs in tensors.items():
        ours = opened.tensors[name]
        assert (ours.dtype, ours.shape) == (str(theirs.dtype).removeprefix("torch."), (2, 3))
        assert ours.strides == theirs.stride()
        assert bytes(ours.data()) == theirs.view(torch.uint8).numpy().tobytes()
    opened.verify()


def test_elements_that_share_bytes_are_listed(tmp_path):
    header = {"f4": described("F4", [4], 0, 2), "f6": described("F6_E2M3", [2, 4], 2, 8)}
    tensors = open_archive_or_tensors(safetensors(header, bytes(range(8)), tmp_path)).tensors
    assert bytes(tensors["f4"].data()) == b"\x00\x01"
    assert bytes(tensors["f6"].data()) == bytes(range(2, 8))
    assert (tensors["f4"].dtype, tensors["f6"].numel) == ("float4_e2m1", 8)
    with pytest.raises(ArchiveError, match="no numpy form"):
        tensors["f4"].to_numpy()


def test_empty_tensors_scalars_and_padding_of_the_header(tmp_path):
    described_both = {"e": described("F32", [0, 3], 0, 0), "s": described("I16", [], 0, 2)}
    header = json.dumps(described_both).encode() + b"     "
    tensors = open_archive_or_tensors(safetensors(header, b"\x02\x00", tmp_path)).tensors
    assert tensors["e"].to_numpy().shape == (0, 3)
    assert tensors["s"].to_numpy() == 2
    assert not open_archive_or_tensors(safetensors({}, b"", tmp_path)).tensors


W = described("F32", [2], 0, 8)
REFUSED = {
    "overlap": ({"w": W, "v": described("F32", [2], 4, 12)}, 12, "'v' overlap those of another"),
    "hole": ({"w": W, "v": described("U8", [1], 9, 10)}, 10, "'v' leave 1 before them"),
    "not from the start": ({"w": described("F32", [2], 1, 9)}, 9, "leave 1 before them"),
    "beyond the end": ({"w": W}, 7, "is truncated: its tensors take 8 bytes and 7 are there"),
    "bytes of nobody": ({"w": W}, 9, "holds bytes of no tensor"),
    "another size": ({"w": described("F32", [3], 0, 8)}, 8, "of 3 elements of F32 takes 12 bytes"),
    "backwards": ({"w": described("F32", [2], 8, 0)}, 8, "its data_offsets are 8 to 0"),
    "below zero": ({"w": described("F32", [2], -8, 0)}, 8, "its data_offsets are -8 to 0"),
    "a shape below zero": ({"w": described("F32", [-2], 0, 8)}, 8, "the shape of the tensor 'w' is none"),
    "a shape beyond 64 bits": ({"w": described("F32", [1 << 62] * 900, 0, 8)}, 8, "'w' is none"),
    "a shape of truth": ({"w": described("F32", [True, 2], 0, 8)}, 8, "'w' is none"),
    "too many dimensions": ({"w": described("F32", [1] * 2000, 0, 4)}, 4, "'w' is none"),
    "half a byte": ({"w": described("F4", [3], 0, 2)}, 2, "3 elements of F4 takes 1 bytes"),
    "an unknown type": ({"w": described("F7", [2], 0, 8)}, 8, "has the dtype 'F7', which is unknown"),
    "no shape": ({"w": {"dtype": "F32"}}, 0, "'w' lacks its dtype, shape or data_offsets"),
    "offsets of text": ({"w": {**W, "data_offsets": ["0", "8"]}}, 8, "lacks its dtype"),
    "offsets of fractions": ({"w": {**W, "data_offsets": [0.0, 8.0]}}, 8, "lacks its dtype"),
    "three offsets": ({"w": {**W, "data_offsets": [0, 8, 9]}}, 8, "lacks its dtype"),
    "no table": ({"w": 3}, 0, "lacks its dtype"),
    "metadata of numbers": ({"__metadata__": {"a": 1}}, 0, "'__metadata__' of its header is no table"),
    "a name twice": (b'{"w":1,"w":2}', 0, "its header has 'w' twice"),
    "a field twice": (b'{"w":{"dtype":"U8","dtype":"U8"}}', 0, "its header has 'dtype' twice"),
    "no JSON": (b"{]", 0, "its header is not JSON"),
    "no text": (b'{"\xff":1}', 0, "its header is not JSON"),
    "half an object": (b'{"w":', 0, "its header is not JSON"),
    "nested": (b'{"w":' + b"[" * 200_000, 0, "nests values too deeply"),
    "a long number": (b'{"w":' + b"1" * 10_000 + b"}", 0, "its header is not JSON"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_right_is_one_sentence(tmp_path, name):
    header, size, said = REFUSED[name]
    path = safetensors(header, bytes(size), tmp_path)
    with pytest.raises(ArchiveError, match=said) as caught:
        open_archive_or_tensors(path)
    assert str(caught.value).startswith(path)
    assert "\n" not in str(caught.value)


def test_a_header_that_cannot_be_there_is_not_looked_for(tmp_path):
    with pytest.raises(ArchiveError, match=r"is truncated: its header of 1,000 bytes"):
        open_archive_or_tensors(safetensors({"w": W}, bytes(8), tmp_path, length=1000))
    path = safetensors(b"{" + b" " * (17 << 20) + b"}", b"", tmp_path)
    with pytest.raises(ArchiveError, match=r"no more than 16,777,216 are read"):
        open_archive_or_tensors(path)


def test_opening_needs_no_more_memory_for_more_weights(tmp_path):
    def peak(size: int) -> int:
        path = safetensors({"w": described("U8", [size], 0, size)}, bytes(size), tmp_path)
        open_archive_or_tensors(path)
        tracemalloc.start()
        opened = open_archive_or_tensors(path)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert opened.tensors["w"].numel == size
        opened.close()
        return found

    assert peak(1 << 26) < peak(1 << 10) + 10_000


@pytest.mark.parametrize("length", [1 << 32, 1 << 63, (1 << 64) - 1])
def test_a_header_of_any_length_is_one_of_safetensors(tmp_path, length):
    path = tmp_path / "long.safetensors"
    path.write_bytes(length.to_bytes(8, "little") + b'{"w": 1}')
    with pytest.raises(ArchiveError, match=rf"is truncated: its header of {length:,} bytes"):
        open_archive_or_tensors(str(path))
