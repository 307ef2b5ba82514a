"""Opening a file whatever it holds: a program with its weights, or tensors alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from jitcore.archive.container import Archive
from jitcore.archive.importer import LoadedArchive
from jitcore.archive.other_kinds import LEGACY_MAGIC
from jitcore.archive.zip_records import ZipRecords, map_file

if TYPE_CHECKING:
    from jitcore.archive.tensor_files.tensor_file import TensorFile
    from jitcore.archive.zip_directory import Buffer

_MAGIC: Final = LEGACY_MAGIC.to_bytes(10, "little")
_PICKLES: Final = tuple(bytes((0x80, protocol)) for protocol in range(2, 6))
_LOOKED_AT: Final = 32
_LARGEST_HEADER: Final = 1 << 32
"""Bytes of a header up to which a brace alone tells a file; with a quotation mark behind it any does."""

_RECORDS_OF_OTHERS: Final = ("model.json", "archive_format", "constants.pkl")
_FOLDERS_OF_OTHERS: Final = ("code/", ".data/ts_code/", "models/")


def open_archive_or_tensors(path: str | os.PathLike[str]) -> LoadedArchive | TensorFile:
    """Open the file at `path` by what it begins with.

    Raises `ArchiveError` if it is neither a TorchScript archive nor a file of tensors, or cannot be read.
    """
    data, file = map_file(path), os.fspath(path)
    if _is_legacy(data):
        # Who opens an archive does not wait for the readers of other files.
        from jitcore.archive.tensor_files.torch_save_legacy import read_legacy

        return read_legacy(data, file)
    if _is_safetensors(data):
        # Who opens an archive does not wait for the readers of other files.
        from jitcore.archive.tensor_files.safetensors import read_safetensors

        return read_safetensors(data, file)
    records = ZipRecords(data, file)
    if _is_saved_by_torch(records):
        # Who opens an archive does not wait for the readers of other files.
        from jitcore.archive.tensor_files.torch_save import read_saved

        return read_saved(records)
    return LoadedArchive(Archive(records))


def _is_legacy(data: Buffer) -> bool:
    start = bytes(data[:_LOOKED_AT])
    return start.startswith(_PICKLES) and _MAGIC in start


def _is_safetensors(data: Buffer) -> bool:
    start = bytes(data[:10])
    if start[8:] == b'{"':
        return True
    return start[8:9] == b"{" and int.from_bytes(start[:8], "little") < _LARGEST_HEADER


def _is_saved_by_torch(records: ZipRecords) -> bool:
    if "data.pkl" not in records or any(name in records for name in _RECORDS_OF_OTHERS):
        return False
    return not any(record.name.startswith(_FOLDERS_OF_OTHERS) for record in records)
