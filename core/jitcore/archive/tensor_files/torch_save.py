"""Files of torch.save: zip archives with a pickle and a record for each storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.archive.errors import ArchiveError
from jitcore.archive.other_kinds import TENSORS_SAVED
from jitcore.archive.tensor_files.checkpoint_machine import CheckpointMachine
from jitcore.archive.tensor_files.tensor_file import TensorFile
from jitcore.archive.tensors import LazyStorage

if TYPE_CHECKING:
    from jitcore.archive.pickle_globals import StorageReference
    from jitcore.archive.zip_records import ZipRecords


def read_saved(records: ZipRecords) -> TensorFile:
    """The tensors of the archive. Raises `ArchiveError` where it holds more than tensors and plain values."""
    storages = _Storages(records)
    root = CheckpointMachine(records.read("data.pkl"), records.file, storages.open).run()
    held = sum(record.size for record in records)
    kind = "torch.save"
    return TensorFile(records.file, kind, root, TENSORS_SAVED, held, records.close, storages.verify)


class _Storages:
    def __init__(self, records: ZipRecords) -> None:
        self._records = records
        self._known: dict[str, tuple[StorageReference, LazyStorage]] = {}
        self._is_swapped = _is_big_endian(records)

    def open(self, reference: StorageReference) -> LazyStorage:
        """The storage that the pickle refers to."""
        element, key, device, numel = reference
        known = self._known.get(key)
        if known is not None:
            if known[0] != reference:
                raise ArchiveError(
                    f"{self._records.file} describes the storage '{key}' in two ways; save the file again"
                )
            return known[1]
        name = f"data/{key}"
        size = numel * element.itemsize
        # A tensor on the meta device has a shape but no bytes.
        if numel and device != "meta" and self._records.record(name).size < size:
            raise ArchiveError(
                f"{self._records.file} wants {numel} elements of {element.name} from '{name}', "
                f"which holds {self._records.record(name).size} bytes; copy or download the file again"
            )
        storage = LazyStorage(element, name, device, numel, self._records.view, self._is_swapped)
        self._known[key] = reference, storage
        return storage

    def verify(self) -> None:
        """Check every record."""
        for record in self._records:
            self._records.verify(record.name)


def _is_big_endian(records: ZipRecords) -> bool:
    if "byteorder" not in records:
        return False
    text = records.read("byteorder").strip()
    if text not in (b"little", b"big"):
        raise ArchiveError(f"{records.file}: the record 'byteorder' is {text[:20]!r}, neither little nor big")
    return text == b"big"
