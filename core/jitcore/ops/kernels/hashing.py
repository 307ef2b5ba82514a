"""`hash(x)`: what libtorch gives on common platforms, where numbers are hashed by libstdc++."""

from __future__ import annotations

import struct
from typing import Any, cast

from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.machine_numbers import wrap
from jitcore.ops.kernels.registry import op

_WORD = (1 << 64) - 1
_MULTIPLIER = 0xC6A4A7935BD1E995
_SEED = 0xC70F6907
_GOLDEN = 0x9E3779B9


def _shift_mix(value: int) -> int:
    return value ^ (value >> 47)


def _hash_bytes(data: bytes) -> int:
    """Murmur hash (64A) of bytes, which libstdc++ uses for strings and floats."""
    state = (_SEED ^ (len(data) * _MULTIPLIER)) & _WORD
    whole = len(data) & ~7
    for start in range(0, whole, 8):
        word = int.from_bytes(data[start : start + 8], "little")
        mixed = (_shift_mix((word * _MULTIPLIER) & _WORD) * _MULTIPLIER) & _WORD
        state = ((state ^ mixed) * _MULTIPLIER) & _WORD
    if whole != len(data):
        state = ((state ^ int.from_bytes(data[whole:], "little")) * _MULTIPLIER) & _WORD
    state = (_shift_mix(state) * _MULTIPLIER) & _WORD
    return _shift_mix(state)


def _combine(seed: int, value: int) -> int:
    return (seed ^ (value + _GOLDEN + (seed << 6) + (seed >> 2))) & _WORD


def _hash(value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, int):
        return value & _WORD
    if isinstance(value, float):
        return _hash_bytes(struct.pack("<d", value)) if value else 0
    if isinstance(value, str):
        return _hash_bytes(value.encode("utf-8", "surrogateescape"))
    if isinstance(value, tuple):
        seed = 0
        for item in cast(tuple[Any, ...], value):
            seed = _combine(seed, _hash(item))
        return seed
    raise TorchScriptError(f"unhashable type: '{type(value).__name__}'")


@op("aten::hash.generic(t value) -> int")
def hash_value(value: Any) -> int:
    """A number that equal values share."""
    return wrap(_hash(value))
