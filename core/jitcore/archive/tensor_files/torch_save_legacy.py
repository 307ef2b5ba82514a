"""Files that torch.save wrote before 1.6, and writes when it is asked to: pickles, then the storages' bytes.

The layout is that of `_legacy_save` in torch/serialization.py: a magic number, a version, facts of the
system, the value and the list of keys of its storages, each pickled; then each storage, a count of its
elements before its bytes. Counts and bytes are little-endian whatever machine wrote them.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from jitcore.archive.errors import ArchiveError
from jitcore.archive.other_kinds import LEGACY_MAGIC, TENSORS_SAVED
from jitcore.archive.pickle_globals import StorageReference
from jitcore.archive.tensor_files.checkpoint_machine import CheckpointMachine
from jitcore.archive.tensor_files.tensor_file import TensorFile
from jitcore.archive.tensors import LazyStorage
from jitcore.archive.values import SavedList
from jitcore.archive.zip_records import close_map

if TYPE_CHECKING:
    from jitcore.archive.zip_directory import Buffer

_VERSION: Final = 1001
_COUNT: Final = struct.Struct("<q")


def read_legacy(data: Buffer, file: str) -> TensorFile:
    """The tensors of the file. Raises `ArchiveError` where it holds more than tensors and plain values."""
    storages = _Storages(data, file)
    position = 0
    for wanted, what in ((LEGACY_MAGIC, "magic number"), (_VERSION, "version of the format")):
        machine = CheckpointMachine(data, file, None, position)
        if machine.run() != wanted:
            raise ArchiveError(f"{file}: the {what} is not the one that torch.save writes; save it again")
        position = machine.position
    machine = CheckpointMachine(data, file, None, position)
    machine.run()
    machine = CheckpointMachine(data, file, storages.open, machine.position)
    root = machine.run()
    keys = CheckpointMachine(data, file, None, machine.position)
    storages.place(keys.run(), keys)
    return TensorFile(file, "torch.save, before 1.6", root, TENSORS_SAVED, len(data), lambda: close_map(data))


class _Storages:
    """The storages by their keys; where each lies is known once the list of keys is read."""

    def __init__(self, data: Buffer, file: str) -> None:
        self._data = data
        self._file = file
        self._known: dict[str, tuple[StorageReference, LazyStorage]] = {}
        self._places: dict[str, int] = {}

    def open(self, reference: StorageReference) -> LazyStorage:
        """The storage that the pickle refers to."""
        element, key, device, numel = reference
        known = self._known.get(key)
        if known is None:
            storage = LazyStorage(element, key, device, numel, self._view)
            known = self._known[key] = reference, storage
        elif known[0] != reference:
            raise ArchiveError(f"{self._file} describes the storage '{key}' in two ways; save the file again")
        return known[1]

    def place(self, keys: object, machine: CheckpointMachine) -> None:
        """Note where the bytes of each storage lie, from behind the list of keys on."""
        position = machine.position
        if not isinstance(keys, SavedList):
            raise machine.damaged("the keys of the storages are no list")
        for key in keys:
            known = self._known.get(key) if isinstance(key, str) else None
            if known is None or not isinstance(key, str) or key in self._places:
                raise ArchiveError(f"{self._file} lists a storage that no tensor has; save it again")
            (element, _, _, numel), _ = known
            if position + _COUNT.size > len(self._data):
                raise self._truncated(key)
            held = _COUNT.unpack_from(self._data, position)[0]
            if held != numel:
                raise ArchiveError(
                    f"{self._file}: the storage '{key}' holds {held} elements instead of {numel}; "
                    "copy or download the file again"
                )
            self._places[key] = position + _COUNT.size
            position += _COUNT.size + numel * element.itemsize
            if position > len(self._data):
                raise self._truncated(key)
        for key, (reference, _) in self._known.items():
            if key not in self._places and reference.numel and reference.device != "meta":
                raise ArchiveError(f"{self._file} lacks the storage '{key}'; save it again")

    def _truncated(self, key: str) -> ArchiveError:
        return ArchiveError(
            f"{self._file} is truncated: it ends within the storage '{key}'; copy or download it again"
        )

    def _view(self, key: str) -> memoryview:
        return memoryview(self._data)[self._places[key] :]
