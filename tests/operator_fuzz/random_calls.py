"""Calls made from right ones by changing arguments, and calls of any arguments that a schema takes."""

from __future__ import annotations

from math import prod
from random import Random
from typing import Any

import torch

INTS = (
    -1, 0, 1, 2, 3, 4, 5, 7, 8, 16, 40, 64, 100, 1000, 100_000, (1 << 31) - 1, 1 << 31, 1 << 40, 1 << 62,
    (1 << 63) - 1, -2, -3, -100, -100_000, -(1 << 31), -(1 << 63),
)  # fmt: skip
FLOATS = (0.0, 0.5, 1.0, 2.0, -1.0, 100.0, 1e5, 1e30, -1e30, 1e-30, float("nan"), float("inf"), -float("inf"))
TEXTS = ("", "sum", "mean", "max", "none", "reflect", "constant", "tanh", "floor", "prod", "ij", "mkl", "fro")
TYPES = (
    *[torch.float32] * 9, *[torch.int64] * 5, torch.int32, torch.float64, torch.bool, torch.uint8, torch.int8,
    torch.float16, torch.bfloat16, torch.complex64,
)  # fmt: skip
MOST = 100_000
"""Elements of a tensor that is made."""

_INDICES = ("index", "indices", "target", "offset", "length", "sizes", "pivots", "bag")


def number(r: Random) -> int:
    return r.choice(INTS) if r.random() < 0.6 else r.randint(-3, 8)


def shape(r: Random) -> list[int]:
    count = r.choice((0, 1, 1, 2, 2, 3, 4, 4, 5))
    return [r.choice((0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 16)) for _ in range(count)]


def filled(r: Random, sizes: list[int], kind: torch.dtype) -> torch.Tensor:
    """Small numbers, or one number that is far from them everywhere or in half of the places."""
    count = prod(sizes)
    if kind.is_floating_point or kind.is_complex:
        if r.random() < 0.3:
            return torch.full(sizes, r.choice(FLOATS)).to(kind)
        return torch.tensor([r.uniform(-2, 2) for _ in range(count)]).reshape(sizes).to(kind)
    small = torch.tensor([r.randint(0, 3) for _ in range(count)], dtype=torch.long)
    if kind in (torch.int32, torch.int64) and r.random() < 0.5:
        bounds = torch.iinfo(kind)
        small[: count // r.choice((1, 2))] = max(bounds.min, min(bounds.max, number(r)))
    return small.reshape(sizes).to(kind)


def tensor(r: Random, name: str) -> torch.Tensor:
    of_indices = any(word in name for word in _INDICES)
    kind = r.choice((torch.int64, torch.int64, torch.int32)) if of_indices else r.choice(TYPES)
    made = filled(r, shape(r), kind)
    return made.transpose(0, 1) if made.dim() > 1 and r.random() < 0.1 else made


def changed_tensor(r: Random, value: torch.Tensor, name: str) -> torch.Tensor:
    """The tensor with other elements, another shape, or another type."""
    way = r.random()
    if value.layout != torch.strided or value.is_quantized or way > 0.9:
        return tensor(r, name)
    sizes = list(value.shape)
    if way < 0.4 and value.numel() and value.dtype != torch.bool:
        value = value.clone().contiguous()
        if value.dtype.is_floating_point or value.dtype.is_complex:
            far: float = r.choice(FLOATS)
        else:
            bounds = torch.iinfo(value.dtype)
            far = max(bounds.min, min(bounds.max, number(r)))
        value.view(-1)[r.randrange(value.numel()) if r.random() < 0.5 else slice(None)] = far
        return value
    if way < 0.75:
        place = r.randrange(len(sizes) + 1)
        sizes[place : place + r.randint(0, 1)] = r.choice(([], [0], [1], [2], [3], [7]))
        if prod(sizes) > MOST:
            sizes = [2]
        if not value.numel():
            return filled(r, sizes, value.dtype)
        return value.reshape(-1)[torch.arange(prod(sizes)) % value.numel()].reshape(sizes)
    return value.transpose(0, -1) if value.dim() > 1 and way < 0.8 else filled(r, sizes, r.choice(TYPES))


def changed(r: Random, value: Any, kind: Any, name: str) -> Any:
    """Another value of the argument."""
    if isinstance(value, torch.Tensor):
        optional = kind.kind() == "OptionalType" and r.random() < 0.15
        return None if optional else changed_tensor(r, value, name)
    if isinstance(value, list) and value and r.random() < 0.9:
        place = r.randrange(len(value))
        element = kind.getElementType()
        while element.kind() in ("ListType", "OptionalType"):
            element = element.getElementType()
        middle = r.choice(([], [value[place]] * 2, [changed(r, value[place], element, name)]))
        return [*value[:place], *middle, *value[place + 1 :]]
    return any_value(r, kind, name)


def any_value(r: Random, kind: Any, name: str) -> Any:
    """A value of the declared type; raises LookupError for types of which none can be made."""
    match kind.kind():
        case "OptionalType":
            return None if r.random() < 0.4 else any_value(r, kind.getElementType(), name)
        case "ListType":
            count = r.choice((0, 1, 1, 2, 2, 2, 3, 4))
            return [any_value(r, kind.getElementType(), name) for _ in range(count)]
        case "TensorType":
            return tensor(r, name)
        case "IntType" | "SymIntType":
            return r.choice((6, 4, 7, 3, 11, 1, 0)) if name == "dtype" else number(r)
        case "NumberType":
            return r.choice((*FLOATS, *INTS))
        case "FloatType":
            return r.choice(FLOATS)
        case "BoolType":
            return r.random() < 0.5
        case "StringType":
            return r.choice(TEXTS)
        case "DeviceObjType":
            return torch.device("cpu")
        case "ScalarTypeType":
            return r.choice(TYPES)
        case other:
            raise LookupError(f"nothing is made of {other}")


def random_call(r: Random, arguments: list[Any], right: list[list[Any]]) -> list[Any]:
    """Values for the declared arguments: mostly a right call with one to three of them changed."""
    if not right or r.random() < 0.15:
        return [any_value(r, argument.type, argument.name) for argument in arguments]
    values = list(r.choice(right))
    for _ in range(r.choice((1, 1, 1, 2, 2, 3)) if arguments else 0):
        place = r.randrange(len(arguments))
        values[place] = changed(r, values[place], arguments[place].type, arguments[place].name)
    return [own(value) for value in values]


def own(value: Any) -> Any:
    """The same in memory of its own, so that nothing lies behind its last element."""
    if isinstance(value, torch.Tensor):
        return value.clone(memory_format=torch.preserve_format)
    return [own(item) for item in value] if isinstance(value, list) else value
