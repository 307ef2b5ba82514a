"""Parsing and judging the central directory of a zip file held in memory."""

from __future__ import annotations

import mmap
import struct
from typing import Final

from jitcore.archive.errors import ArchiveError
from jitcore.archive.other_kinds import what_it_is

STORED: Final = 0
DEFLATED: Final = 8

Buffer = bytes | mmap.mmap

LOCAL_HEADER: Final = struct.Struct("<4s5H3I2H")
LOCAL_SIGNATURE: Final = b"PK\x03\x04"

_ENTRY: Final = struct.Struct("<4s6H3I5H2I")
_ENTRY_SIGNATURE: Final = b"PK\x01\x02"
_END: Final = struct.Struct("<4s4H2IH")
_END_SIGNATURE: Final = b"PK\x05\x06"
_END64_LOCATOR: Final = struct.Struct("<4sIQI")
_END64_LOCATOR_SIGNATURE: Final = b"PK\x06\x07"
_END64: Final = struct.Struct("<4sQ2H2I4Q")
_END64_SIGNATURE: Final = b"PK\x06\x06"

_LONGEST_COMMENT: Final = 0xFFFF
_ENCRYPTED: Final = 0x1

# Deflate cannot shrink data to less than 1/1032; anything above is a lie. Large records that shrink
# by more than the second figure are made to fill memory, no saved model holds them.
_DEFLATE_LIMIT: Final = 1032
_SUSPICIOUS_RATIO: Final = 300
_SUSPICIOUS_SIZE: Final = 256 << 20


class Record:
    """One entry of the directory.

    `name` is without the archive's own folder; `size` and `stored_size` (after compression) are in
    bytes; `header_offset` is where its local header starts in the file; `limit` is the offset of
    whatever follows it, which its bytes must not reach into.
    """

    __slots__ = ("crc", "header_offset", "limit", "method", "name", "path", "size", "stored_size")

    def __init__(
        self, path: str, method: int, crc: int, stored_size: int, size: int, header_offset: int
    ) -> None:
        self.path = path
        self.name = path
        self.method = method
        self.crc = crc
        self.stored_size = stored_size
        self.size = size
        self.header_offset = header_offset
        self.limit = header_offset

    @property
    def compressed(self) -> bool:
        """Whether the bytes have to be inflated before use."""
        return self.method != STORED

    def __repr__(self) -> str:
        return f"Record({self.path!r}, {self.size} bytes)"


def read_directory(data: Buffer, file: str) -> list[Record]:
    """The records of the zip file `data`, in the directory's order; `file` names it in errors."""
    end = _find_end(data, file)
    count, size, offset, boundary = _directory_place(data, end, file)
    if offset + size != boundary:
        raise ArchiveError(
            f"{file} is damaged: its directory of records does not lie where the end of the file says; "
            "copy or download it again"
        )
    records = _read_entries(data, offset, boundary, count, file)
    _refuse_overlaps(records, offset, file)
    return records


def _find_end(data: Buffer, file: str) -> int:
    size = len(data)
    position = data.rfind(_END_SIGNATURE, max(0, size - _END.size - _LONGEST_COMMENT))
    while position >= 0:
        if position + _END.size <= size:
            comment = _END.unpack_from(data, position)[7]
            if position + _END.size + comment == size:
                return position
        position = data.rfind(_END_SIGNATURE, max(0, size - _END.size - _LONGEST_COMMENT), position)
    if data[:4] == LOCAL_SIGNATURE:
        raise ArchiveError(
            f"{file} is truncated: it starts as a zip archive but the end of it is missing; "
            "copy or download it again"
        )
    raise ArchiveError(f"{file} is not a TorchScript archive: {what_it_is(bytes(data[:512]), file)}")


def _directory_place(data: Buffer, end: int, file: str) -> tuple[int, int, int, int]:
    """Number of records, size and offset of the directory, and the offset at which it must end."""
    _, disk, directory_disk, here, count, size, offset, _ = _END.unpack_from(data, end)
    locator = end - _END64_LOCATOR.size
    if locator >= 0 and data[locator : locator + 4] == _END64_LOCATOR_SIGNATURE:
        end64 = _END64_LOCATOR.unpack_from(data, locator)[2]
        if end64 + _END64.size > locator or data[end64 : end64 + 4] != _END64_SIGNATURE:
            raise ArchiveError(f"{file} is damaged: its 64-bit end record is not where the file says")
        _, _, _, _, disk, directory_disk, here, count, size, offset = _END64.unpack_from(data, end64)
        end = end64
    if disk or directory_disk or here != count:
        raise ArchiveError(f"{file} is one part of a split zip archive; join the parts first")
    if not count:
        raise ArchiveError(f"{file} is an empty zip archive; give a file written by torch.jit.save")
    return count, size, offset, end


def _read_entries(data: Buffer, position: int, end: int, count: int, file: str) -> list[Record]:
    # Copied once: unpacking from bytes is faster than from a map.
    directory = data[position:end]
    if count * _ENTRY.size > len(directory):
        raise ArchiveError(f"{file} is damaged: its directory is too small for the {count} records it claims")
    records: list[Record] = []
    seen: set[str] = set()
    cursor = 0
    for _ in range(count):
        record, cursor = _read_entry(directory, cursor, file)
        if record is None:
            continue
        if record.path in seen:
            raise ArchiveError(f"{file} holds the record '{record.path}' twice, so its content is ambiguous")
        seen.add(record.path)
        records.append(record)
    if cursor != len(directory):
        raise ArchiveError(f"{file} is damaged: its directory has bytes after the last record")
    return records


def _read_entry(directory: bytes, cursor: int, file: str) -> tuple[Record | None, int]:
    """The record at `cursor`, or None for a mere folder, and the place of the next one."""
    if cursor + _ENTRY.size > len(directory):
        raise ArchiveError(f"{file} is damaged: its directory ends in the middle of a record")
    (signature, _, _, flags, method, _, _, crc, stored_size, size, name_length, extra_length, comment_length,
     disk, _, _, header_offset) = _ENTRY.unpack_from(directory, cursor)  # fmt: skip
    name_start = cursor + _ENTRY.size
    extra_start = name_start + name_length
    following = extra_start + extra_length + comment_length
    if signature != _ENTRY_SIGNATURE or following > len(directory):
        raise ArchiveError(f"{file} is damaged: its directory is not a list of records")
    path = _checked_path(directory[name_start:extra_start], file)
    if 0xFFFFFFFF in (size, stored_size, header_offset):
        extra = directory[extra_start : extra_start + extra_length]
        size, stored_size, header_offset = _wide_fields(extra, size, stored_size, header_offset, path, file)
    if flags & _ENCRYPTED:
        raise ArchiveError(f"{file}: the record '{path}' is encrypted; write it without a password")
    if path.endswith("/"):
        if size:
            raise ArchiveError(f"{file} is damaged: the folder '{path}' has content")
        return None, following
    if method not in (STORED, DEFLATED):
        raise ArchiveError(f"{file}: '{path}' is compressed by method {method}, which is not supported")
    if disk:
        raise ArchiveError(f"{file} is one part of a split zip archive; join the parts first")
    _refuse_bomb(method, stored_size, size, path, file)
    return Record(path, method, crc, stored_size, size, header_offset), following


def _wide_fields(
    extra: bytes, size: int, stored_size: int, header_offset: int, path: str, file: str
) -> tuple[int, int, int]:
    """The three fields with those that hold 32 bits of ones replaced from the zip64 extra field."""
    cursor = 0
    while cursor + 4 <= len(extra):
        tag, length = struct.unpack_from("<2H", extra, cursor)
        cursor += 4
        if tag == 1 and cursor + length <= len(extra):
            wide = iter(struct.unpack_from(f"<{length // 8}Q", extra, cursor))
            fields = [
                next(wide, -1) if field == 0xFFFFFFFF else field
                for field in (size, stored_size, header_offset)
            ]
            if -1 not in fields:
                return fields[0], fields[1], fields[2]
            break
        cursor += length
    raise ArchiveError(f"{file} is damaged: the record '{path}' lacks the 64-bit sizes that it announces")


def _checked_path(raw: bytes, file: str) -> str:
    try:
        path = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise ArchiveError(f"{file} is damaged: a record's name, {raw!r}, is not UTF-8") from None
    # Names are only ever looked up, never written to disk; still, one that climbs out was made to harm.
    if not path or path[0] == "/" or "\\" in path or "\0" in path or "/../" in path or path.endswith("/.."):
        raise ArchiveError(f"{file} holds a record with the unsafe name {path!r}; do not trust this file")
    return path


def _refuse_bomb(method: int, stored_size: int, size: int, path: str, file: str) -> None:
    if method == STORED:
        if size != stored_size:
            raise ArchiveError(f"{file} is damaged: the record '{path}' is not compressed but has two sizes")
    elif size > _DEFLATE_LIMIT * stored_size + 64 or (
        size > _SUSPICIOUS_SIZE and size > _SUSPICIOUS_RATIO * stored_size
    ):
        raise ArchiveError(
            f"{file}: the record '{path}' claims to grow from {stored_size} to {size} bytes, "
            "as only a file made to fill memory does"
        )


def _refuse_overlaps(records: list[Record], directory_offset: int, file: str) -> None:
    """Set each record's limit; raise if one's header and bytes cannot fit before the next."""
    limit = directory_offset
    for record in sorted(records, key=lambda record: record.header_offset, reverse=True):
        # At least: the local header may have longer extra fields, checked when the record is read.
        if record.header_offset + LOCAL_HEADER.size + record.stored_size > limit:
            raise ArchiveError(f"{file} is damaged: the record '{record.path}' overlaps what follows it")
        record.limit = limit
        limit = record.header_offset
