"""Zip files as TorchScript's reader maps them: every plain record begins at a multiple of 64 bytes."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ALIGNMENT: Final = 64

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_ENTRY: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_END64: Final = struct.Struct("<4sQ2H2I4Q")
_LOCATOR: Final = struct.Struct("<4sIQI")

_MOST_32: Final = 0xFFFFFFFF
_MOST_16: Final = 0xFFFF
_NEEDS: Final = 20
_NEEDS_64: Final = 45
_UTF8: Final = 0x0800
_FIRST_DAY: Final = 0x21  # 1980-01-01, so that equal modules make equal files
_CHUNK: Final = 1 << 22


class Sink(Protocol):
    """Where the file's bytes go."""

    def write(self, data: bytes | memoryview, /) -> object:
        """Append bytes."""
        ...


class _Entry(NamedTuple):
    path: bytes
    method: int
    crc: int
    size: int
    stored_size: int
    offset: int


class ZipWriter:
    """Writes records one after the other, then the directory; nothing is ever sought or kept.

    All records lie in `folder`. `names` are those written so far and `combined_crc` the exclusive or of the
    checksums of all of them.
    """

    def __init__(self, sink: Sink, folder: str) -> None:
        self._sink = sink
        self._folder = folder
        self._entries: list[_Entry] = []
        self._position = 0
        self.names: list[str] = []
        self.combined_crc = 0

    def write(self, name: str, content: bytes, compress: bool = False) -> None:
        """Write a record whose content is at hand, compressed or as it is."""
        if not compress:
            self.stream(name, len(content), lambda: (content,))
            return
        deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        stored = deflater.compress(content) + deflater.flush()
        entry = self._begin(name, 8, zlib.crc32(content), len(content), len(stored))
        self._put(stored)
        self._entries.append(entry)

    def stream(self, name: str, size: int, chunks: Callable[[], Iterable[bytes | memoryview]]) -> None:
        """Write a record of `size` bytes as it is; `chunks` is asked twice for the same bytes.

        The checksum stands before the bytes, and most sinks cannot go back.
        """
        crc = 0
        found = 0
        for chunk in _pieces(chunks()):
            crc = zlib.crc32(chunk, crc)
            found += len(chunk)
        if found != size:
            raise ValueError(f"the record '{name}' has {found} bytes where {size} were announced")
        entry = self._begin(name, 0, crc, size, size)
        for chunk in _pieces(chunks()):
            self._put(chunk)
        self._entries.append(entry)

    def finish(self) -> None:
        """Write the directory, which completes the file."""
        start = self._position
        for entry in self._entries:
            self._put(_directory_entry(entry))
        size, count = self._position - start, len(self._entries)
        if start >= _MOST_32 or size >= _MOST_32 or count >= _MOST_16:
            end64 = self._position
            self._put(
                _END64.pack(
                    b"PK\x06\x06",
                    _END64.size - 12,
                    _NEEDS_64,
                    _NEEDS_64,
                    0,
                    0,
                    count,
                    count,
                    size,
                    start,
                )
            )
            self._put(_LOCATOR.pack(b"PK\x06\x07", 0, end64, 1))
        short = min(count, _MOST_16)
        self._put(_END.pack(b"PK\x05\x06", 0, 0, short, short, min(size, _MOST_32), min(start, _MOST_32), 0))

    def _begin(self, name: str, method: int, crc: int, size: int, stored_size: int) -> _Entry:
        """Write a record's header, with padding after which a plain record's bytes are aligned."""
        path = f"{self._folder}/{name}".encode()
        self.names.append(name)
        self.combined_crc ^= crc
        entry = _Entry(path, method, crc, size, stored_size, self._position)
        large = size >= _MOST_32 or stored_size >= _MOST_32
        extra = struct.pack("<2H2Q", 1, 16, size, stored_size) if large else b""
        if method == 0:
            extra += _padding(self._position + _LOCAL.size + len(path) + len(extra))
        self._put(
            _LOCAL.pack(
                b"PK\x03\x04",
                _NEEDS_64 if large else _NEEDS,
                0 if path.isascii() else _UTF8,
                method,
                0,
                _FIRST_DAY,
                crc,
                _MOST_32 if large else stored_size,
                _MOST_32 if large else size,
                len(path),
                len(extra),
            )
        )
        self._put(path)
        self._put(extra)
        return entry

    def _put(self, data: bytes | memoryview) -> None:
        self._sink.write(data)
        self._position += len(data)


def _pieces(chunks: Iterable[bytes | memoryview]) -> Iterable[memoryview]:
    for chunk in chunks:
        view = memoryview(chunk)
        for start in range(0, len(view), _CHUNK):
            yield view[start : start + _CHUNK]


def _padding(start: int) -> bytes:
    """An extra field of the kind that TorchScript's own files have, which ends at a multiple of 64."""
    fill = -(start + 4) % ALIGNMENT
    return struct.pack("<2sH", b"FB", fill) + b"Z" * fill


def _directory_entry(entry: _Entry) -> bytes:
    wide = b""
    for number in (entry.size, entry.stored_size, entry.offset):
        if number >= _MOST_32:
            wide += struct.pack("<Q", number)
    extra = struct.pack("<2H", 1, len(wide)) + wide if wide else b""
    needs = _NEEDS_64 if wide else _NEEDS
    fields = _ENTRY.pack(
        b"PK\x01\x02",
        needs,
        needs,
        0 if entry.path.isascii() else _UTF8,
        entry.method,
        0,
        _FIRST_DAY,
        entry.crc,
        min(entry.stored_size, _MOST_32),
        min(entry.size, _MOST_32),
        len(entry.path),
        len(extra),
        0,
        0,
        0,
        0,
        min(entry.offset, _MOST_32),
    )
    return fields + entry.path + extra
