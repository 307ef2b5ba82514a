"""Files that are given by mistake are named, with what to do; archives that were packed anew are opened."""

import gzip
import io
import json
import struct
import tarfile
import zipfile

import pytest
import torch
from torch.package import PackageExporter

import jitcore
from jitcore.archive import open_archive
from jitcore.archive.errors import ArchiveError


def archive(extra=None):
    stream = io.BytesIO()
    torch.manual_seed(0)
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), stream, _extra_files=extra or {})
    return stream.getvalue()


def saved(value, **options):
    stream = io.BytesIO()
    torch.save(value, stream, **options)
    return stream.getvalue()


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return stream.getvalue()


def packaged():
    stream = io.BytesIO()
    with PackageExporter(stream) as exporter:
        exporter.save_pickle("numbers", "one.pkl", [1])
    return stream.getvalue()


def tarred(content):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as made:
        member = tarfile.TarInfo("model.pt")
        member.size = len(content)
        made.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def safetensors():
    header = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(8)


MODEL = torch.nn.Linear(2, 2)
CASES = {
    "state_dict": (lambda: saved(MODEL.state_dict()), "holds tensors but no code, as a state_dict"),
    "checkpoint": (lambda: saved({"model": MODEL.state_dict(), "epoch": 3}), "holds tensors but no code"),
    "module": (lambda: saved(MODEL), "holds a pickled torch.nn.modules.linear.Linear"),
    "old pickle": (
        lambda: saved(MODEL.state_dict(), _use_new_zipfile_serialization=False), "a pickle written by torch"
    ),
    "package": (packaged, "a package of torch.package"),
    "lfs": (lambda: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "'git lfs pull'"),
    "page": (lambda: b"\n<!DOCTYPE HTML>\n<html></html>", "it is a web page"),
    "gzip": (lambda: gzip.compress(archive()), "compressed with gzip; unpack it"),
    "tar": (lambda: tarred(archive()), "a tar archive; unpack it"),
    "mar": (lambda: zipped(**{"MAR-INF/MANIFEST.json": "{}", "net.pt": archive()}),
     "TorchServe.*net.pt for one"),
    "zip": (lambda: zipped(**{"models/net.pt": archive()}),
     "a zip archive with models/net.pt in it; unpack it"),
    "npz": (lambda: zipped(**{"a.npy": b"", "b.npy": b""}), "arrays of numpy"),
    "safetensors": (safetensors, "a safetensors file: tensors without code"),
    "onnx": (lambda: b"\x08\x08\x12\x07pytorch\x1a\x052.4.0:\x10", "it is an ONNX model"),
    "numpy": (lambda: b"\x93NUMPY\x01\x00", "an array of numpy"),
    "anything": (lambda: b"hello", "it is not a zip file"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_it_is_is_said(tmp_path, name):
    make, said = CASES[name]
    path = tmp_path / "model.pt"
    path.write_bytes(make())
    with pytest.raises(ArchiveError, match=said) as caught:
        open_archive(str(path))
    assert str(path) in str(caught.value)


def repacked(tmp_path, name_of, **more):
    path = tmp_path / "repacked.pt"
    content = io.BytesIO(archive({"notes.pt": "kept"}))
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name_of(name), old.read(name))
        for name, added in more.items():
            new.writestr(name, added)
    return path


@pytest.mark.parametrize(
    ("name_of", "more"),
    [
        (lambda name: name, {}),
        (lambda name: name.partition("/")[2], {}),
        (lambda name: name, {"archive/": "", "__MACOSX/archive/._data.pkl": "x", "archive/.DS_Store": "x"}),
        (lambda name: name.partition("/")[2], {"__MACOSX/._data.pkl": "x", "code/": ""}),
    ],
    ids=["compressed", "without a folder", "by a Mac", "by a Mac, without a folder"],
)
def test_what_was_packed_anew_is_opened(tmp_path, name_of, more):
    path = repacked(tmp_path, name_of, **more)
    x = torch.ones(1, 2)
    loaded = jitcore.load(str(path))
    assert torch.equal(loaded(x), torch.jit.load(io.BytesIO(archive()))(x))
    assert open_archive(str(path)).archive.extra_file("notes.pt") == b"kept"
    again = io.BytesIO()
    jitcore.save(loaded, again)
    again.seek(0)
    assert torch.equal(torch.jit.load(again)(x), loaded(x))


def test_what_may_mean_two_things_is_refused(tmp_path):
    with pytest.raises(ArchiveError, match="is outside of"):
        open_archive(str(repacked(tmp_path, lambda name: name, **{"other/data.pkl": "x"})))


def test_what_is_said_of_archives_before_torch_1_4_is_true(tmp_path):
    path = tmp_path / "old.pt"
    path.write_bytes(zipped(**{"m/version": "1\n", "m/model.json": "{}"}))
    with pytest.raises(ArchiveError, match=r"today's torch does not read either.*such as 1\.4"):
        open_archive(str(path))
    with pytest.raises(RuntimeError):
        torch.jit.load(str(path))
