"""Files that are given in place of a TorchScript archive: what each is, and what to do with it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

_COMPILE: Final = "compile the model and save it with torch.jit.save"
_UNPACK: Final = "unpack it and give the archive that is in it"

LEGACY_MAGIC: Final = 0x1950A86A20F9469CFC6C
"""The number that files of torch.save began with before 1.6, as their first pickle has it."""

TENSORS_SAVED: Final = (
    "was written by torch.save and holds tensors but no code, as a state_dict or a checkpoint does; "
    f"load it into the model, then {_COMPILE}"
)
SAFETENSORS: Final = f"a safetensors file: tensors without code; load them into the model, {_COMPILE}"
"""What a file is that holds tensors alone, and what to do to get a program."""

_BEGINNINGS: Final = (
    (0, b"PYTORCH1", "an archive of a PyTorch 1.0 preview, which no release reads any more"),
    (4, b"PTMF", "a flatbuffer model for mobile; save it again with torch.jit.save"),
    (0, b"\x80\x02", f"a pickle written by torch.save; {_COMPILE}"),
    (0, b"\x89HDF\r\n\x1a\n", f"an HDF5 file; {_COMPILE}"),
    (
        0,
        b"version https://git-lfs",
        "a Git LFS pointer that stands for the file; fetch it with 'git lfs pull'",
    ),
    (0, b"\x1f\x8b", f"compressed with gzip; {_UNPACK}"),
    (0, b"BZh", f"compressed with bzip2; {_UNPACK}"),
    (0, b"\xfd7zXZ\x00", f"compressed with xz; {_UNPACK}"),
    (0, b"\x28\xb5\x2f\xfd", f"compressed with zstd; {_UNPACK}"),
    (0, b"7z\xbc\xaf\x27\x1c", f"a 7z archive; {_UNPACK}"),
    (257, b"ustar", f"a tar archive; {_UNPACK}"),
    (0, b"\x93NUMPY", "an array of numpy, which is an input at most; give a file written by torch.jit.save"),
    (4, b"TFL3", "a TensorFlow Lite model, not TorchScript"),
    (0, b"GGUF", "a GGUF file: tensors without code; " + _COMPILE),
    (8, b'{"', SAFETENSORS),
)
"""Offset, what stands there, what the file is."""

_GLOBAL: Final = re.compile(rb"c([A-Za-z_][\w.]*)\n([A-Za-z_][\w.]*)\n")
"""How a pickle names a class or function."""
_OF_TENSORS: Final = ("collections.OrderedDict", "torch._utils._rebuild_", "torch._tensor", "torch.storage")

_PAGES: Final = (b"<!doctype html", b"<html", b"<?xml")
_ONNX: Final = (b"onnx", b"pytorch", b"torch.onnx", b"tf2onnx", b"keras2onnx", b"skl2onnx")
_LONGEST_BEGINNING: Final = 512
_MODELS: Final = (".pt", ".pth", ".ts", ".ptl", ".jit")


def what_it_is(start: bytes, file: str) -> str:
    """What a file is that is no zip archive, by its first bytes (512 will do), and what to do."""
    for offset, beginning, kind in _BEGINNINGS:
        if start[offset : offset + len(beginning)] == beginning:
            return f"it is {kind}"
    text = start[:_LONGEST_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(_PAGES):
        return "it is a web page, as a failed download or a login gives; download the file itself"
    # A model of ONNX is a protocol buffer, which begins with the version of the format and who wrote it.
    if start[:1] == b"\x08" and (file.endswith(".onnx") or any(name in start[:64].lower() for name in _ONNX)):
        return "it is an ONNX model; give the TorchScript that it was exported from"
    return "it is not a zip file; give a file written by torch.jit.save"


def what_was_saved(pickled: bytes) -> str:
    """What torch.save wrote, by the beginning of its pickle, which is not executed."""
    found = _GLOBAL.search(pickled)
    name = b".".join(found.groups()).decode("ascii") if found is not None else ""
    return TENSORS_SAVED if not name or name.startswith(_OF_TENSORS) else what_else_was_saved(name)


def what_else_was_saved(name: str) -> str:
    """What torch.save wrote where that is more than tensors and plain values: an object of this class."""
    return (
        f"was written by torch.save and holds a pickled {name}, which only the Python that defines it reads; "
        f"load it there with torch.load, then {_COMPILE}"
    )


def what_a_zip_is(paths: Collection[str]) -> str:
    """What a zip archive is that is not TorchScript, by the paths of its records; "" if that is not known."""
    models = [path for path in paths if path.endswith(_MODELS) and "/extra/" not in path]
    names = {path.rpartition("/")[2] for path in paths}
    if "MAR-INF/MANIFEST.json" in paths:
        inside = f", {models[0]} for one" if models else ""
        return f"an archive of TorchServe; unpack it and give the model that is in it{inside}"
    if "extern_modules" in names and any("/.data/" in f"/{path}" for path in paths):
        return f"a package of torch.package, which holds Python; {_COMPILE}"
    if models:
        return f"a zip archive with {models[0]} in it; unpack it and give that file"
    if names and all(name.endswith(".npy") for name in names):
        return "arrays of numpy (.npz); give a file written by torch.jit.save"
    return ""
