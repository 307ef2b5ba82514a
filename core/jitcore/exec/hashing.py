"""`hash()` of a running program: the numbers that C++'s standard library (libstdc++) gives on 64 bits."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.exec.ivalue_types import type_of_value
from jitcore.exec.plan_builder import PlanBuilder, handles
from jitcore.ops.kernels import TorchScriptError
from jitcore.types import ANY, TupleType

if TYPE_CHECKING:
    from jitcore.ir import Node
    from jitcore.types import Type

_MASK = (1 << 64) - 1
_MULTIPLIER = 0xC6A4A7935BD1E995
_SEED = 0xC70F6907
_DEVICE_KINDS = (
    "cpu", "cuda", "mkldnn", "opengl", "opencl", "ideep", "hip", "fpga", "maia", "xla", "vulkan", "mps",
    "xpu", "hpu", "ve", "lazy", "ipu", "mtia", "meta",
)  # fmt: skip


@handles("aten::hash")
def hash_value(builder: PlanBuilder, node: Node) -> None:
    """Gives a number for a value."""
    declared = node.inputs[0].type
    builder.call(node, lambda value: hash_of(value, declared))


def hash_of(value: Any, declared: Type = ANY) -> int:
    """The hash of a value as a signed integer; raises `TorchScriptError` for what cannot be hashed.

    `declared` is the type of the variable, for the error to name the type of a list that is empty.
    """
    return _signed(_unsigned(value, declared))


def _unsigned(value: Any, declared: Type) -> int:
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
        items = cast("tuple[Any, ...]", value)
        parts = declared.elements if isinstance(declared, TupleType) else (ANY,) * len(items)
        for item, part in zip(items, parts, strict=True):
            mixed = _unsigned(item, part) + 0x9E3779B9 + (combined << 6) + (combined >> 2)
            combined = (combined ^ mixed) & _MASK
        return combined
    raise TorchScriptError(f"unhashable type: '{type_of_value(value, declared).repr_str}'")


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
