"""An opened TorchScript archive: its records, code, constants and the objects of its root module."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, Self

from jitcore.archive.code_records import CodeRecords
from jitcore.archive.errors import ArchiveError
from jitcore.archive.nesting import check_nesting
from jitcore.archive.other_kinds import what_a_zip_is, what_was_saved
from jitcore.archive.tensors import LazyStorage
from jitcore.archive.unpickler import unpickle
from jitcore.archive.values import SavedObject, Value
from jitcore.archive.zip_records import ZipRecords

if TYPE_CHECKING:
    import os

    from jitcore.archive.pickle_globals import StorageReference

OLDEST_VERSION: Final = 1
NEWEST_VERSION: Final = 10
"""Versions of the file format that are read, as torch's reader has them."""

_EXTRA: Final = "extra/"
_LOOKED_AT: Final = 1 << 16
"""Bytes of a pickle of another kind in which it is looked for what it is."""


class Archive:
    """An archive that `torch.jit.save` wrote, of any release since 1.4, read without torch.

    Opening reads the directory and a few bytes; code, objects and tensors are read when asked for.
    Attributes: `records` gives every record; `code` the source files; `name` is the archive's own
    folder; `version` the version of the file format; `byteorder` is `little` or `big`.
    """

    def __init__(self, records: ZipRecords) -> None:
        self.records = records
        self.name = records.folder
        _refuse_other_kinds(records)
        self.version = _version(records)
        self.byteorder = _byteorder(records)
        self.code = CodeRecords(records)
        self._storages: dict[str, tuple[StorageReference, LazyStorage]] = {}

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Self:
        """Open the file at `path`; raises `ArchiveError` if it is no readable TorchScript archive."""
        return cls(ZipRecords.open(path))

    def close(self) -> None:
        """Give the file up; tensors whose bytes were taken keep it mapped."""
        self.records.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def file(self) -> str:
        """The path the archive was opened by."""
        return self.records.file

    @property
    def has_bytecode(self) -> bool:
        """Whether the archive also holds bytecode for the mobile interpreter."""
        return "bytecode.pkl" in self.records

    @property
    def producer(self) -> str | None:
        """What the archive says of the program that wrote it, if it says anything."""
        for name in (".data/producer", "producer"):
            if name in self.records:
                return self.records.read(name).decode("utf-8", "replace").strip()
        return None

    @cached_property
    def constants(self) -> tuple[Value, ...]:
        """The values that code refers to as `CONSTANTS.c0`, `CONSTANTS.c1`, ..."""
        value = self._unpickle("constants")
        if not isinstance(value, tuple):
            raise ArchiveError(f"{self.file}: the record 'constants.pkl' is not a tuple; save the file again")
        return value

    @cached_property
    def root(self) -> SavedObject:
        """The module that was saved."""
        value = self._unpickle("data")
        if not isinstance(value, SavedObject):
            raise ArchiveError(f"{self.file}: 'data.pkl' holds no module; save one with torch.jit.save")
        return value

    def extra_files(self) -> dict[str, int]:
        """Names of the files that were saved along with the module, with their sizes in bytes."""
        return {
            record.name[len(_EXTRA) :]: record.size
            for record in self.records
            if record.name.startswith(_EXTRA)
        }

    def extra_file(self, name: str) -> bytes:
        """The content of an extra file; raises `ArchiveError` if there is none of that name."""
        return self.records.read(_EXTRA + name)

    def verify(self) -> None:
        """Check every record's CRC; raises `ArchiveError` for the first that does not match."""
        for record in self.records:
            self.records.verify(record.name)

    def _unpickle(self, name: str) -> Value:
        where = f"{self.file}: the record '{name}.pkl'"

        def open_storage(reference: StorageReference) -> LazyStorage:
            return self._open_storage(reference, f"{name}/{reference.key}", where)

        value = unpickle(self.records.read(f"{name}.pkl"), where, open_storage)
        check_nesting(value, where)
        return value

    def _open_storage(self, reference: StorageReference, record_name: str, where: str) -> LazyStorage:
        known = self._storages.get(record_name)
        if known is not None:
            if known[0] != reference:
                raise ArchiveError(f"{where} describes '{record_name}' in two ways; save the file again")
            return known[1]
        element, _, device, numel = reference
        # A tensor on the meta device has a shape but no bytes.
        if numel and device != "meta" and self.records.record(record_name).size < numel * element.itemsize:
            raise ArchiveError(
                f"{where} wants {numel} elements of {element.name} from '{record_name}', "
                f"which holds {self.records.record(record_name).size} bytes; copy or download the file again"
            )
        swapped = self.byteorder == "big"
        storage = LazyStorage(element, record_name, device, numel, self.records.view, swapped)
        self._storages[record_name] = reference, storage
        return storage


def _refuse_other_kinds(records: ZipRecords) -> None:
    file = records.file
    if "model.json" in records:
        raise ArchiveError(
            f"{file} was saved by PyTorch 1.3 or older, which today's torch does not read either; "
            "load it with a torch of the time, such as 1.4, and save it again"
        )
    if any(record.name.startswith(".data/ts_code/") for record in records):
        raise ArchiveError(f"{file} is a torch.package; save the module in it with torch.jit.save")
    if "archive_format" in records or any(record.name.startswith("models/") for record in records):
        raise ArchiveError(
            f"{file} is a program of torch.export, not TorchScript; compile its model with torch.jit "
            "and save that with torch.jit.save"
        )
    if "data.pkl" in records and "constants.pkl" not in records:
        if any(record.name.startswith("code/") for record in records):
            records.record("constants.pkl")
        raise ArchiveError(f"{file} {what_was_saved(bytes(records.view('data.pkl')[:_LOOKED_AT]))}")
    if "data.pkl" not in records and "constants.pkl" not in records:
        other = what_a_zip_is([record.path for record in records])
        if other:
            raise ArchiveError(f"{file} is not a TorchScript archive: it is {other}")
    if "data.pkl" not in records and "constants.pkl" not in records and "version" not in records:
        raise ArchiveError(
            f"{file} is a zip archive but not TorchScript; give a file written by torch.jit.save"
        )


def _version(records: ZipRecords) -> int:
    file = records.file
    name = ".data/version" if ".data/version" in records else "version"
    text = records.read(name).strip()
    if not text.isdigit() or len(text) > 9:
        raise ArchiveError(f"{file}: '{name}' is {text[:20]!r}, not a number; save the file again")
    version = int(text)
    if version < OLDEST_VERSION:
        raise ArchiveError(f"{file} has file format version {version}, which is too old; save it again")
    if version > NEWEST_VERSION:
        raise ArchiveError(
            f"{file} has file format version {version}; versions up to {NEWEST_VERSION} are known, "
            "so it needs a newer jitviewer"
        )
    return version


def _byteorder(records: ZipRecords) -> str:
    if "byteorder" not in records:
        return "little"
    text = records.read("byteorder").strip().decode("latin-1")
    if text not in ("little", "big"):
        raise ArchiveError(f"{records.file}: the record 'byteorder' is {text[:20]!r}, neither little nor big")
    return text
