"""Records of archives in a form in which what two writers say of one module can be compared."""

import io
import zipfile
from pathlib import Path

import torch

from jitcore.archive.unpickler import unpickle
from tests.differential.oracle import imported

__all__ = ["meaning", "records", "saved_by_torch"]

DEBUG = ".debug_pkl"


def records(archive: Path | bytes) -> dict[str, bytes]:
    """The contents by name without the archive's own folder, in the order of the file."""
    with zipfile.ZipFile(archive if isinstance(archive, Path) else io.BytesIO(archive)) as file:
        return {entry.filename.partition("/")[2]: file.read(entry) for entry in file.infolist()}


def saved_by_torch(archive: Path, target: Path) -> Path:
    """What torch writes when it has loaded `archive`; nothing else in this process knows its classes."""
    unit, module = imported(archive)
    module.save(str(target))
    del unit
    return target


def meaning(name: str, content: bytes):
    """What a record says, whatever the words: tags of ranges and numbers of memos may differ."""
    if name.endswith(DEBUG):
        return _origins(content)
    if name == "data.pkl" or name == "constants.pkl":
        return _shape_of(content)
    if name == ".data/serialization_id":
        return len(content), content.isdigit()
    return content


def _origins(content: bytes):
    """Where each byte of a code file comes from, as the places at which that changes."""
    _, texts, entries = unpickle(content, "the table")
    found = []
    for offset, ((lines, file, first), start, end), _ in entries:
        origin = texts[file], first, "".join(texts[line] for line in lines), start, end
        if not found or found[-1][1] != origin:
            found.append((offset, origin))
    return found


def _shape_of(content: bytes):
    """The values in a pickle, with the place of the first occurrence for one that is shared."""
    storages = []

    def storage(reference):
        storages.append(reference)
        return _NoStorage(reference)

    seen: dict[int, int] = {}
    return _describe(unpickle(content, "the values", storage), seen), storages


class _NoStorage:
    """Stands for a storage whose record is compared by itself."""

    def __new__(cls, reference):
        from jitcore.archive.tensors import LazyStorage

        return LazyStorage(reference.element, reference.key, reference.device, reference.numel, lambda _: b"")


def _describe(value, seen):
    from jitcore.archive import Device, LazyTensor, SavedEnum, SavedObject

    if value is None or isinstance(value, bool | int | float | complex | str):
        return type(value).__name__, repr(value)
    if isinstance(value, Device):
        return "device", value.name
    if isinstance(value, tuple):
        return tuple(_describe(item, seen) for item in value)
    if id(value) in seen:
        return "shared", seen[id(value)]
    seen[id(value)] = len(seen)
    if isinstance(value, LazyTensor):
        parts = value.sparse or (value.quantizer or ())
        return (
            "tensor", value.dtype, value.shape, value.strides, value.offset, value.requires_grad,
            value.layout, value.is_conjugated, value.is_negated, value.storage and value.storage.record,
            tuple(_describe(part, seen) for part in parts),
        )  # fmt: skip
    if isinstance(value, SavedObject):
        return (
            value.type_name,
            [(k, _describe(v, seen)) for k, v in value.attributes.items()],
            _describe(value.state, seen),
        )
    if isinstance(value, SavedEnum):
        return value.type_name, _describe(value.value, seen)
    if isinstance(value, dict):
        return value.type_tag, [(_describe(k, seen), _describe(v, seen)) for k, v in value.items()]
    assert isinstance(value, list)
    return value.type_tag, [_describe(item, seen) for item in value]


def texts_of(module: torch.jit.ScriptModule) -> dict[str, str]:
    """Graph and code of every method below a module."""
    found = {}
    for path, below in module.named_modules():
        for name in below._c._method_names():
            method = below._c._get_method(name)
            found[f"{path}:{name}"] = f"{method.graph}\n{method.code}"
    return found
