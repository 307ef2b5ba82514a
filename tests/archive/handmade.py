"""Zip files and pickles put together by hand, honest ones and hostile ones."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Entry:
    """A record to write; every field that is None is filled with the truth."""

    name: str
    content: bytes
    method: int = 0
    crc: int | None = None
    size: int | None = None
    stored_size: int | None = None
    offset: int | None = None
    flags: int = 0
    local_name: str | None = None
    zip64: bool = False


@dataclass
class HandmadeZip:
    """A zip file written field by field, so that any of them can lie."""

    entries: list[Entry] = field(default_factory=list)
    comment: bytes = b""
    trailer: bytes = b""
    count: int | None = None
    end64: bool = False

    def to_bytes(self) -> bytes:
        body = bytearray()
        directory = bytearray()
        for entry in self.entries:
            offset = len(body) if entry.offset is None else entry.offset
            stored = entry.content
            if entry.method == 8:
                deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
                stored = deflater.compress(entry.content) + deflater.flush()
            crc = zlib.crc32(entry.content) if entry.crc is None else entry.crc
            size = len(entry.content) if entry.size is None else entry.size
            stored_size = len(stored) if entry.stored_size is None else entry.stored_size
            name = entry.name.encode("utf-8", "surrogateescape")
            local_name = name if entry.local_name is None else entry.local_name.encode()
            body += struct.pack(
                "<4s5H3I2H", b"PK\x03\x04", 20, entry.flags, entry.method, 0, 0, crc, stored_size, size,
                len(local_name), 0,
            )  # fmt: skip
            body += local_name + stored
            extra = struct.pack("<2H3Q", 1, 24, size, stored_size, offset) if entry.zip64 else b""
            fields = (0xFFFFFFFF,) * 3 if entry.zip64 else (stored_size, size, offset)
            directory += struct.pack(
                "<4s6H3I5H2I",
                b"PK\x01\x02",
                20,
                20,
                entry.flags,
                entry.method,
                0,
                0,
                crc,
                fields[0],
                fields[1],
                len(name),
                len(extra),
                0,
                0,
                0,
                0,
                fields[2],
            )
            directory += name + extra
        count = len(self.entries) if self.count is None else self.count
        place = (count, len(directory), len(body))
        end = b""
        if self.end64:
            end64 = len(body) + len(directory)
            end += struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, *place)
            end += struct.pack("<4sIQI", b"PK\x06\x07", 0, end64, 1)
            place = (0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
            count = 0xFFFF
        end += struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, *place, len(self.comment))
        return bytes(body) + bytes(directory) + end + self.comment + self.trailer


class ArchiveMaker:
    """Writes files into a test's folder and gives their paths."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, content: bytes, name: str = "m.pt") -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def zip(self, *entries: Entry, **fields) -> Path:
        return self.file(HandmadeZip(list(entries), **fields).to_bytes())

    def archive(self, data: bytes | None = None, records: dict[str, bytes | None] | None = None) -> Path:
        """A whole archive around the pickle `data`; `records` adds, replaces (None drops) a record."""
        content: dict[str, bytes | None] = {
            "data.pkl": EMPTY_MODULE if data is None else data,
            "code/__torch__.py": CODE,
            "constants.pkl": pickled(b")"),
            "version": b"3\n",
        }
        content |= records or {}
        return self.zip(*(Entry(f"m/{name}", text) for name, text in content.items() if text is not None))


CODE = b"""class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
"""


def pickled(*operations: bytes) -> bytes:
    """A pickle of protocol 2 of these operations."""
    return b"\x80\x02" + b"".join(operations) + b"."


def text(value: str | bytes) -> bytes:
    """The operation that pushes a text."""
    encoded = value.encode() if isinstance(value, str) else value
    return b"X" + struct.pack("<I", len(encoded)) + encoded


def name(module: str, attribute: str) -> bytes:
    """The operation that pushes a global."""
    return f"c{module}\n{attribute}\n".encode()


def module_of(*items: bytes) -> bytes:
    """A pickled module `__torch__.M` with these attributes: operations of key and value in turn."""
    return pickled(name("__torch__", "M"), b")\x81}(", *items, b"ub")


def tensor(
    storage: str = "FloatStorage", key: str = "0", numel: int = 4, offset: int = 0, shape=(4,), strides=(1,)
):
    """The operations that push a tensor."""

    def numbers(values) -> bytes:
        return b"(" + b"".join(number(value) for value in values) + b"t"

    return b"".join(
        [
            name("torch._utils", "_rebuild_tensor_v2"),
            b"(("
            + text("storage")
            + name("torch", storage)
            + text(key)
            + text("cpu")
            + number(numel)
            + b"tQ",
            number(offset) + numbers(shape) + numbers(strides) + b"\x89",
            name("collections", "OrderedDict") + b")RtR",
        ]
    )


def number(value: int) -> bytes:
    """The operation that pushes an integer."""
    return b"\x8a\x08" + struct.pack("<q", value)


EMPTY_MODULE = module_of(text("training"), b"\x89")
