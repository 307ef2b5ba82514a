"""Constants of a program on the wire: numbers, strings, containers, and tensors as dtype, shape and bytes."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

_COMPLEX = 1
_TENSOR = 2
_LIST, _TUPLE, _DICT = 0, 1, 2
_PAIR = struct.Struct("<dd")
_MALFORMED = (
    msgspec.MsgspecError, struct.error, ValueError, TypeError, LookupError, RecursionError, MemoryError,
)  # fmt: skip
"""What comes of bytes that somebody else made, taken for a constant."""


class TensorParts(NamedTuple):
    """A dense tensor: torch's dtype name, shape, and its elements' bytes, row-major, little-endian."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes


class UnsendableError(Exception):
    """A value has no form on the wire; `str()` says what it is."""


class MalformedConstantError(Exception):
    """Bytes are not what `encode_constant` gives; `str()` says why."""


def encode_constant(value: object, take_apart: Callable[[object], TensorParts | None]) -> bytes:
    """`value` as bytes; `take_apart` gives the parts of what is a tensor, None for what is none.

    Raises `UnsendableError` for anything but None, numbers, strings, lists, tuples, dicts and tensors.
    """
    return msgspec.msgpack.encode(_to_wire(value, take_apart))


def decode_constant(data: bytes, assemble: Callable[[TensorParts], object]) -> object:
    """The value that `encode_constant` was given; `assemble` makes tensors of their parts.

    Raises `MalformedConstantError`; so may `assemble`, as `ValueError`.
    """
    try:
        return _from_wire(msgspec.msgpack.decode(data), assemble)
    except _MALFORMED as error:
        raise MalformedConstantError(f"{type(error).__name__}: {error}") from error


def _to_wire(value: object, take_apart: Callable[[object], TensorParts | None]) -> object:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, complex):
        return msgspec.msgpack.Ext(_COMPLEX, _PAIR.pack(value.real, value.imag))
    if isinstance(value, list):
        return [_LIST, *(_to_wire(v, take_apart) for v in value)]
    if isinstance(value, tuple) and not isinstance(value, TensorParts):
        return [_TUPLE, *(_to_wire(v, take_apart) for v in value)]
    if isinstance(value, dict):
        return [
            _DICT,
            *(part for k, v in value.items() for part in (_to_wire(k, take_apart), _to_wire(v, take_apart))),
        ]
    parts = take_apart(value)
    if parts is None:
        raise UnsendableError(f"a {type(value).__name__} cannot be sent to another process")
    return msgspec.msgpack.Ext(_TENSOR, msgspec.msgpack.encode(parts))


def _from_wire(wire: Any, assemble: Callable[[TensorParts], object]) -> object:
    if isinstance(wire, msgspec.msgpack.Ext):
        if wire.code == _COMPLEX:
            return complex(*_PAIR.unpack(wire.data))
        if wire.code != _TENSOR:
            raise ValueError(f"no constant has the code {wire.code}")
        return assemble(msgspec.msgpack.decode(wire.data, type=TensorParts))
    if not isinstance(wire, list):
        if wire is None or isinstance(wire, bool | int | float | str):
            return wire
        raise ValueError(f"a {type(wire).__name__} is no constant")
    items = [_from_wire(item, assemble) for item in wire[1:]]
    if wire[0] == _LIST:
        return items
    if wire[0] == _TUPLE:
        return tuple(items)
    if wire[0] != _DICT:
        raise ValueError(f"no container has the code {wire[0]}")
    return dict(zip(items[::2], items[1::2], strict=True))
