"""Files of tensors put together by hand, honest ones and others."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch


def saved(value: Any, folder: Path, **options: Any) -> str:
    """The path of what torch.save writes of a value."""
    path = folder / "saved.pt"
    torch.save(value, path, **options)
    return str(path)


def rewritten(path: str, change: Callable[[str, bytes], bytes], **added: bytes) -> str:
    """The zip archive with each record changed by its name without the folder, and with more records."""
    content = io.BytesIO(Path(path).read_bytes())
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(path, "w") as new:
        names = old.namelist()
        folder = names[0].partition("/")[0]
        for name in names:
            inner = name.partition("/")[2]
            if inner not in added:
                new.writestr(name, change(inner, old.read(name)))
        for inner, record in added.items():
            new.writestr(f"{folder}/{inner}", record)
    return path


def pickled_file(pickle: bytes, folder: Path, **records: bytes) -> str:
    """A file as torch.save writes it around a pickle."""
    path = folder / "made.pt"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("made/data.pkl", pickle)
        made.writestr("made/version", "3\n")
        for name, record in records.items():
            made.writestr(f"made/{name}", record)
    return str(path)


def safetensors(header: Any, data: bytes, folder: Path, length: int | None = None) -> str:
    """A file of safetensors; a header that is no bytes is written as JSON."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path = folder / "made.safetensors"
    path.write_bytes(struct.pack("<Q", len(text) if length is None else length) + text + data)
    return str(path)


def described(dtype: str, shape: list[int], begin: int, end: int) -> dict[str, Any]:
    """What a header says of a tensor."""
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}
