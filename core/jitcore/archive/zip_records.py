"""Memory-mapped access to the records of a zip archive, without reading what is not asked for."""

from __future__ import annotations

import mmap
import os
import stat
import zlib
from typing import TYPE_CHECKING, Final, Self

from jitcore.archive.errors import ArchiveError
from jitcore.archive.opened_file import descriptor_of
from jitcore.archive.other_kinds import what_a_zip_is
from jitcore.archive.zip_directory import (
    LOCAL_HEADER,
    LOCAL_SIGNATURE,
    STORED,
    Buffer,
    Record,
    read_directory,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_CRC_CHUNK: Final = 1 << 24

# Code and tables shrink about tenfold. What is parsed takes many times its size in memory, so more than
# this is only believed of records that are as large in the file.
_SUSPICIOUS_RATIO: Final = 100
_SUSPICIOUS_SIZE: Final = 8 << 20

_AT_THE_TOP: Final = ("data.pkl", "constants.pkl", "version")
"""Records of an archive by which it is known where they lie in no folder."""


class ZipRecords:
    """The records of one archive, by their name without the archive's own folder.

    `file` is the path as given, `folder` the name of the folder all records lie in, "" for none. The file
    stays mapped while this object or any memoryview taken from it lives.
    """

    def __init__(self, data: Buffer, file: str) -> None:
        self.file = file
        self._data = data
        self._view = memoryview(data)
        records = _without_leftovers(read_directory(data, file))
        self.folder = _common_folder(records, file)
        skipped = len(self.folder) + 1 if self.folder else 0
        self._records: dict[str, Record] = {}
        for record in records:
            record.name = record.path[skipped:]
            self._records[record.name] = record

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> ZipRecords:
        """Map the file at `path`; raises `ArchiveError` if it cannot be read or is not a zip archive."""
        return cls(map_file(path), os.fspath(path))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the map up; it is unmapped once no memoryview of a record is left."""
        self._view.release()
        close_map(self._data)

    def __contains__(self, name: str) -> bool:
        return name in self._records

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records.values())

    def __len__(self) -> int:
        return len(self._records)

    def record(self, name: str) -> Record:
        """The record of that name; raises `ArchiveError` if there is none."""
        record = self._records.get(name)
        if record is None:
            raise ArchiveError(f"{self.file} lacks the record '{name}'; save the file again")
        return record

    def data_offset(self, record: Record) -> int:
        """Offset in the file of the record's first byte, from its local header."""
        start = record.header_offset
        header = bytes(self._view[start : start + LOCAL_HEADER.size])
        if len(header) < LOCAL_HEADER.size or header[:4] != LOCAL_SIGNATURE:
            raise self._damaged(record, "its header is not where the directory says")
        fields = LOCAL_HEADER.unpack(header)
        name_start = start + LOCAL_HEADER.size
        name_end = name_start + fields[9]
        if bytes(self._view[name_start:name_end]) != record.path.encode():
            raise self._damaged(record, "its header carries another name")
        offset = name_end + fields[10]
        if offset + record.stored_size > record.limit:
            raise self._damaged(record, "its bytes overlap what follows")
        return offset

    def view(self, name: str) -> memoryview:
        """The record's bytes: a window into the map if stored plainly, else inflated; CRC not checked."""
        record = self.record(name)
        offset = self.data_offset(record)
        stored = self._view[offset : offset + record.stored_size]
        if record.method == STORED:
            return stored
        return memoryview(self._inflate(record, stored))

    def read(self, name: str) -> bytes:
        """A copy of the record's bytes, checked against its CRC: for records that are parsed."""
        record = self.record(name)
        if record.size > _SUSPICIOUS_SIZE and record.size > _SUSPICIOUS_RATIO * record.stored_size:
            raise ArchiveError(
                f"{self.file}: the record '{name}' would grow from {record.stored_size} to {record.size} "
                "bytes, as only a file made to fill memory does"
            )
        content = bytes(self.view(name))
        if zlib.crc32(content) != record.crc:
            raise self._damaged(record, "its checksum does not match its bytes")
        return content

    def verify(self, name: str) -> None:
        """Raise `ArchiveError` if the record's bytes do not have the CRC that the directory gives."""
        record = self.record(name)
        content = self.view(name)
        crc = 0
        for start in range(0, len(content), _CRC_CHUNK):
            crc = zlib.crc32(content[start : start + _CRC_CHUNK], crc)
        if crc != record.crc:
            raise self._damaged(record, "its checksum does not match its bytes")

    def _inflate(self, record: Record, stored: memoryview) -> bytes:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            # One byte over the size tells a record that is longer than it says.
            content = inflater.decompress(stored, record.size + 1)
        except zlib.error:
            raise self._damaged(record, "its compressed bytes are not valid") from None
        if len(content) != record.size or not inflater.eof:
            raise self._damaged(record, "it does not inflate to the size that the directory gives")
        return content

    def _damaged(self, record: Record, what: str) -> ArchiveError:
        return ArchiveError(
            f"{self.file}: the record '{record.name}' is damaged, {what}; copy or download the file again"
        )


def map_file(path: str | os.PathLike[str]) -> Buffer:
    """The bytes of the file, none of them read yet. Raises `ArchiveError` if it cannot be."""
    file = os.fspath(path)
    try:
        descriptor = descriptor_of(path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ArchiveError(f"{file} cannot be opened: {reason}") from None
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise ArchiveError(f"{file} is a folder; give the path of an archive in it")
        if not stat.S_ISREG(status.st_mode):
            raise ArchiveError(f"{file} is not a regular file; give the path of an archive")
        if not status.st_size:
            raise ArchiveError(f"{file} is empty; copy or download it again")
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise ArchiveError(f"{file} cannot be read: {error.strerror or error}") from None
    finally:
        os.close(descriptor)


def close_map(data: Buffer) -> None:
    """Give the map of a file up; where a tensor still looks into it, it goes with the last of them."""
    if isinstance(data, mmap.mmap):
        try:
            data.close()
        except BufferError:
            return


def _common_folder(records: list[Record], file: str) -> str:
    """The folder that all records lie in, "" where a tool packed them without one.

    torch's reader wants one; what it would be is clear where the records of an archive stand at the top.
    """
    if not records:
        raise ArchiveError(f"{file} is an empty zip archive; give a file written by torch.jit.save")
    paths = {record.path for record in records}
    if paths.issuperset(_AT_THE_TOP):
        return ""
    folder, slash, _ = records[0].path.partition("/")
    if not slash:
        _refuse_known(paths, file)
        raise ArchiveError(
            f"{file} is a zip archive but not TorchScript: '{folder}' does not lie in a folder; "
            "give a file written by torch.jit.save"
        )
    prefix = folder + "/"
    for record in records:
        if not record.path.startswith(prefix):
            _refuse_known(paths, file)
            raise ArchiveError(
                f"{file} is a zip archive but not TorchScript: '{record.path}' is outside of '{prefix}'; "
                "give a file written by torch.jit.save"
            )
    return folder


def _refuse_known(paths: Collection[str], file: str) -> None:
    """Raise `ArchiveError` for a zip archive of another kind that is known."""
    other = what_a_zip_is(paths)
    if other:
        raise ArchiveError(f"{file} is not a TorchScript archive: it is {other}")


def _without_leftovers(records: list[Record]) -> list[Record]:
    """The records without what tools that pack folders add: folders, and notes of a Mac."""
    return [
        record
        for record in records
        if not (record.path.endswith("/") and not record.size)
        and not record.path.startswith("__MACOSX/")
        and record.path.rpartition("/")[2] != ".DS_Store"
    ]
