"""`hash()` of a running program: the numbers that C++'s standard library (libstdc++) gives on 64 bits."""

from __future__ import annotations

import struct
from typing import Any, cast

import torch

from jitcore.ops.kernels import TorchScriptError

_MASK = (1 << 64) - 1
_MULTIPLIER = 0xC6A4A7935BD1E995
_SEED = 0xC70F6907
_DEVICE_KINDS = (
    "cpu", "cuda", "mkldnn", "opengl", "opencl", "ideep", "hip", "fpga", "maia", "xla", "vulkan", "mps",
    "xpu", "hpu", "ve", "lazy", "ipu", "mtia", "meta",
)  # fmt: skip


def hash_of(value: Any) -> int:
    """The hash of a value as a signed integer; raises `TorchScriptError` for what cannot be hashed."""
    return _signed(_unsigned(value))


def _unsigned(value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, int):
        return value & _MASK
    if isinstance(value, float):
        return _murmur(struct.pack("<d", value)) if value else 0
    if isinstance(value, str):
        return _murmur(value.encode("utf-8", "surrogateescape"))
    if isinstance(value, torch.device):
        number = cast("int | None", value.index)
        index = -1 if number is None else number
        return (_DEVICE_KINDS.index(value.type) << 16 | index & 0xFF) & 0xFFFFFFFF
    if isinstance(value, torch.Tensor):
        return id(value)
    if isinstance(value, tuple):
        combined = 0
        for item in cast("tuple[Any, ...]", value):
            mixed = _unsigned(item) + 0x9E3779B9 + (combined << 6) + (combined >> 2)
            combined = (combined ^ mixed) & _MASK
        return combined
    raise TorchScriptError(f"unhashable type: '{type(value).__name__}'")


def _murmur(data: bytes) -> int:
    """MurmurHash64A as libstdc++ has it, with its fixed seed."""
    number = _SEED ^ (len(data) * _MULTIPLIER & _MASK)
    whole = len(data) & ~7
    for (word,) in struct.iter_unpack("<Q", data[:whole]):
        number = (
            number ^ (_shift_mix(word * _MULTIPLIER & _MASK) * _MULTIPLIER & _MASK)
        ) * _MULTIPLIER & _MASK
    if len(data) != whole:
        rest = int.from_bytes(data[whole:], "little")
        number = (number ^ rest) * _MULTIPLIER & _MASK
    return _shift_mix(_shift_mix(number) * _MULTIPLIER & _MASK)


def _shift_mix(number: int) -> int:
    return number ^ (number >> 47)


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number
