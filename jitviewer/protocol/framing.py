"""Length-prefixed msgpack frames: four bytes of length (little endian), then the message."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO, Generic, TypeVar, cast

import msgspec

from jitviewer.protocol.bounds import FRAME
from jitviewer.protocol.surrogate_halves import escape, restore, spell_out

MAX_FRAME = FRAME
"""Longest message in bytes, which senders keep to; a longer length means that something else was written to
the pipe."""

_LENGTH = struct.Struct("<I")
_HAS_HALVES = 1 << 31
"""Bit of the length of a message in whose texts halves of surrogate pairs are escaped. Python reads bytes of
the name of a file that are no UTF-8 as such, and messages take UTF-8 alone."""

_encoder = msgspec.msgpack.Encoder()
T = TypeVar("T")


class FrameError(Exception):
    """The bytes on the pipe are not frames of the protocol."""


class UnsentMessageError(Exception):
    """A message cannot be sent; `str()` is a sentence that says why."""


class FrameTooLargeError(UnsentMessageError):
    """A message is longer than a frame may be."""

    def __init__(self, size: int) -> None:
        super().__init__(f"The answer has {size:,} bytes; more than {MAX_FRAME:,} are not shown.")


def encode(message: msgspec.Struct) -> bytes:
    """One frame. Halves of surrogate pairs arrive as they are: paths with them lead to files.

    Raises `UnsentMessageError` for a message that no receiver takes.
    """
    try:
        return _frame(_encoded(message))
    except UnicodeEncodeError:
        return _frame(_encoded(_each_text(_plain_values(message), escape)), _HAS_HALVES)


def encode_shown(message: msgspec.Struct) -> bytes:
    """One frame of what is only shown: halves of surrogate pairs become words for them, such as `\\udcff`.

    Raises as `encode`.
    """
    try:
        return _frame(_encoded(message))
    except UnicodeEncodeError:
        return _frame(_encoded(_each_text(_plain_values(message), spell_out)))


def _encoded(message: object) -> bytes:
    try:
        return _encoder.encode(message)
    except OverflowError as error:
        raise UnsentMessageError("A number of more than 64 bits is not sent.") from error


def _frame(body: bytes, mark: int = 0) -> bytes:
    if len(body) > MAX_FRAME:
        raise FrameTooLargeError(len(body))
    return _LENGTH.pack(len(body) | mark) + body


def _plain_values(message: msgspec.Struct) -> object:
    return msgspec.to_builtins(message, builtin_types=(bytes,))


def _each_text(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list | tuple):
        return [_each_text(item, change) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        entries = cast("dict[object, object]", value)
        return {_each_text(key, change): _each_text(item, change) for key, item in entries.items()}
    return value


class _Body(Generic[T]):
    """Reads the bodies of frames of one union type."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind
        self._decoder = msgspec.msgpack.Decoder(kind)

    def read(self, body: bytes, has_halves: bool) -> T:
        """A message. Raises `FrameError` on garbage."""
        try:
            if not has_halves:
                return self._decoder.decode(body)
            return msgspec.convert(_each_text(msgspec.msgpack.decode(body), restore), self._kind)
        except (msgspec.MsgspecError, RecursionError, TypeError) as error:
            raise FrameError(f"a frame is not a known message: {error}") from error
        except MemoryError as error:
            raise FrameError(
                f"a message of {len(body)} bytes unfolds to more than fits into memory"
            ) from error


def _length_of(head: bytes | bytearray, longest: int = MAX_FRAME) -> tuple[int, bool]:
    """Bytes of the body, and whether its texts are escaped. Raises `FrameError`."""
    (length,) = _LENGTH.unpack_from(head)
    has_halves = bool(length & _HAS_HALVES)
    length &= _HAS_HALVES - 1
    if length > longest:
        raise FrameError(f"a frame of {length} bytes is longer than {longest}")
    return length, has_halves


class FrameDecoder(Generic[T]):
    """Turns bytes, in whatever pieces they arrive, into messages of one union type."""

    def __init__(self, kind: type[T]) -> None:
        self._body = _Body(kind)
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
        length, has_halves = _length_of(self._buffer)
        end = _LENGTH.size + length
        if len(self._buffer) < end:
            return None
        body = bytes(memoryview(self._buffer)[_LENGTH.size : end])
        del self._buffer[:end]
        return self._body.read(body, has_halves)


def read_messages(stream: BinaryIO, kind: type[T], longest: int = MAX_FRAME) -> Iterator[T]:
    """Messages from a blocking stream until it ends. Raises `FrameError` on what is none, or too long."""
    bodies = _Body(kind)
    while True:
        head = _read_exactly(stream, _LENGTH.size)
        if head is None:
            return
        length, has_halves = _length_of(head, longest)
        body = _read_exactly(stream, length)
        if body is None:
            return
        yield bodies.read(body, has_halves)


def _read_exactly(stream: BinaryIO, count: int) -> bytes | None:
    parts: list[bytes] = []
    while count:
        part = stream.read(count)
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
