"""Tensors of an archive by name, and which of them share their storage."""

from __future__ import annotations

from collections.abc import Iterator

from jitcore.archive import LazyTensor, SparseParts
from jitcore.ir import ScriptObject
from jitcore.source import JitError
from jitviewer.engine.document import Document
from jitviewer.protocol.rows import Fact

MOST_SHARERS = 12


def joined(place: str, name: str) -> str:
    """The name of what a module holds; `place` is its path, which may begin with an object's, `Net:`."""
    return f"{place}{name}" if not place or place.endswith(":") else f"{place}.{name}"


def _part_facts(sparse: SparseParts) -> list[Fact]:
    """The dense tensors that a sparse one is made of."""
    parts = [("values", sparse.values), ("indices", sparse.indices)]
    if sparse.plain_indices is not None:
        parts[1:] = [("compressed indices", sparse.indices), ("plain indices", sparse.plain_indices)]
    return [Fact("Tensor", name, f"{part.dtype}{list(part.shape)}") for name, part in parts]


class TensorNames:
    """Finds the tensors of a document. `CONSTANTS.c0` names a constant, other names are dotted paths.

    All names begin with `prefix`, `Net:` for what an object of a Python file was compiled to.
    """

    def __init__(self, document: Document, prefix: str = "") -> None:
        self._document = document
        self._prefix = prefix
        self._names_of_storage: dict[int, list[str]] | None = None

    def find(self, name: str) -> LazyTensor:
        """The tensor of this name. Raises `JitError` if there is none."""
        value = self._value(name)
        if not isinstance(value, LazyTensor):
            raise JitError(f"{name} is no tensor of {self._document.title}")
        return value

    def has(self, name: str) -> bool:
        """Whether there is a tensor of this name."""
        return isinstance(self._value(name), LazyTensor)

    def sharers(self, tensor: LazyTensor) -> list[str]:
        """The names of all tensors that lie in the storage of this one, itself included."""
        if self._names_of_storage is None:
            self._names_of_storage = {}
            for name, known in self._all():
                if known.storage is not None:
                    self._names_of_storage.setdefault(id(known.storage), []).append(name)
        return self._names_of_storage.get(id(tensor.storage), []) if tensor.storage is not None else []

    def facts(self, name: str, tensor: LazyTensor) -> list[Fact]:
        """What is known of a tensor without reading it."""
        facts = [
            Fact("Tensor", "dtype", tensor.dtype),
            Fact("Tensor", "shape", str(list(tensor.shape))),
            Fact("Tensor", "elements", f"{tensor.numel:,}"),
            Fact("Tensor", "bytes", f"{tensor.nbytes:,}"),
        ]
        if tensor.sparse is not None:
            return [*facts, Fact("Tensor", "layout", tensor.layout), *_part_facts(tensor.sparse)]
        facts += [
            Fact("Tensor", "strides", str(list(tensor.strides))),
            Fact("Tensor", "gradient", "wanted" if tensor.requires_grad else "not wanted"),
            Fact("Tensor", "device", tensor.device),
        ]
        storage = tensor.storage
        if storage is not None:
            place = f", from element {tensor.offset:,}" if tensor.offset else ""
            if self._document.archive is not None:
                facts.append(Fact("Tensor", "record", storage.record, f"record:{storage.record}"))
            facts.append(Fact("Tensor", "storage", f"{storage.numel:,} elements{place}"))
        if tensor.quantizer is not None:
            facts.append(Fact("Tensor", "quantized", tensor.quantizer.scheme))
        others = [other for other in self.sharers(tensor) if other != name]
        for other in others[:MOST_SHARERS]:
            facts.append(Fact("Shares its storage with", "", other, f"tensor:{other}"))
        if len(others) > MOST_SHARERS:
            more = f"and {len(others) - MOST_SHARERS:,} more"
            facts.append(Fact("Shares its storage with", "", more))
        return facts

    def _value(self, name: str) -> object:
        if self._document.tensors is not None:
            return self._document.tensors.tensors.get(name)
        archive = self._document.archive
        name = name.removeprefix(self._prefix)
        if name.startswith("CONSTANTS.c") and archive is not None:
            place = name.removeprefix("CONSTANTS.c")
            known = place.isdecimal() and int(place) < len(archive.constants)
            return archive.constants[int(place)] if known else None
        value: object = self._document.module
        for part in name.split("."):
            if not isinstance(value, ScriptObject):
                return None
            value = value.attributes.get(part)
        return value

    def _all(self) -> Iterator[tuple[str, LazyTensor]]:
        if self._document.tensors is not None:
            yield from self._document.tensors.tensors.items()
        module = self._document.module
        for path, child in module.named_modules() if module is not None else ():
            for name, value in child.attributes.items():
                if isinstance(value, LazyTensor):
                    yield joined(self._prefix + path, name), value
        archive = self._document.archive
        for number, value in enumerate(archive.constants if archive is not None else ()):
            if isinstance(value, LazyTensor):
                yield f"{self._prefix}CONSTANTS.c{number}", value
