"""Length-prefixed msgpack frames: four bytes of length (little endian), then the message."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, Generic, TypeVar, cast

import msgspec

MAX_FRAME = 1 << 28
"""Longest message in bytes, which senders keep to; a longer length means that something else was written to
the pipe. A whole text of `bounds.TEXT` fits, with the nodes of its lines."""

_LENGTH = struct.Struct("<I")
_encoder = msgspec.msgpack.Encoder()
T = TypeVar("T")


class FrameError(Exception):
    """The bytes on the pipe are not frames of the protocol."""


class FrameTooLargeError(Exception):
    """A message is longer than a frame may be; `str()` is a sentence that says so."""

    def __init__(self, size: int) -> None:
        super().__init__(f"The answer has {size:,} bytes; more than {MAX_FRAME:,} are not shown.")


def encode(message: msgspec.Struct) -> bytes:
    """One frame. Bytes of a file that were no UTF-8, and stand in a text as half surrogates, are escaped.

    Raises `FrameTooLargeError` for a message that no receiver takes.
    """
    try:
        body = _encoder.encode(message)
    except UnicodeEncodeError:
        body = _encoder.encode(_escaped(msgspec.to_builtins(message, builtin_types=(bytes,))))
    if len(body) > MAX_FRAME:
        raise FrameTooLargeError(len(body))
    return _LENGTH.pack(len(body)) + body


def _escaped(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, list | tuple):
        return [_escaped(item) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        entries = cast("dict[object, object]", value)
        return {_escaped(key): _escaped(item) for key, item in entries.items()}
    return value


class FrameDecoder(Generic[T]):
    """Turns bytes, in whatever pieces they arrive, into messages of one union type."""

    def __init__(self, kind: type[T]) -> None:
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[T]:
        """Add bytes and give the messages that are complete. Raises `FrameError` on garbage."""
        self.put(data)
        while (message := self.take()) is not None:
            yield message

    def put(self, data: bytes) -> None:
        """Add bytes."""
        self._buffer += data

    def take(self) -> T | None:
        """The next message, None if it is not complete yet. Raises `FrameError` on garbage."""
        if len(self._buffer) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._buffer)
        if length > MAX_FRAME:
            raise FrameError(f"a frame of {length} bytes is longer than {MAX_FRAME}")
        end = _LENGTH.size + length
        if len(self._buffer) < end:
            return None
        body = bytes(memoryview(self._buffer)[_LENGTH.size : end])
        del self._buffer[:end]
        try:
            return self._decoder.decode(body)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise FrameError(f"a frame is not a known message: {error}") from error


def read_messages(stream: BinaryIO, kind: type[T], longest: int = MAX_FRAME) -> Iterator[T]:
    """Messages from a blocking stream until it ends. Raises `FrameError` on what is none, or too long."""
    decoder = msgspec.msgpack.Decoder(kind)
    while True:
        head = _read_exactly(stream, _LENGTH.size)
        if head is None:
            return
        (length,) = _LENGTH.unpack(head)
        if length > longest:
            raise FrameError(f"a frame of {length} bytes is longer than {longest}")
        body = _read_exactly(stream, length)
        if body is None:
            return
        try:
            yield decoder.decode(body)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise FrameError(f"a frame is not a known message: {error}") from error
        except MemoryError as error:
            raise FrameError(f"a message of {length} bytes unfolds to more than fits into memory") from error


def _read_exactly(stream: BinaryIO, count: int) -> bytes | None:
    parts: list[bytes] = []
    while count:
        part = stream.read(count)
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
