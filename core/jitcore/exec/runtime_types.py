"""Types of values as they turn up in a run: checks for `prim::isinstance`, and what a profile shows."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, cast

import torch

from jitcore.exec.control_flow import Future
from jitcore.ir import Await, EnumValue, ScriptObject
from jitcore.types import (
    ANY,
    ANY_CLASS,
    ANY_ENUM,
    ANY_LIST,
    ANY_TUPLE,
    BOOL,
    COMPLEX,
    DEVICE,
    FLOAT,
    INT,
    NONE,
    NUMBER,
    SCALAR_TYPE_NAMES,
    STRING,
    AwaitType,
    ClassType,
    DictType,
    EnumType,
    FutureType,
    InterfaceType,
    ListType,
    OptionalType,
    TensorType,
    TupleType,
    Type,
    UnionType,
    is_subtype,
)  # fmt: skip

_EXACT: dict[Type, type] = {
    INT: int,
    FLOAT: float,
    BOOL: bool,
    COMPLEX: complex,
    STRING: str,
    DEVICE: torch.device,
}


def is_instance(value: Any, t: Type) -> bool:
    """Whether a value is of type `t`. Lists and dicts tell by their items; empty ones are of any."""
    exact = _EXACT.get(t)
    if exact is not None:
        return type(value) is exact
    if t is NONE:
        return value is None
    if t is ANY:
        return True
    if t is NUMBER:
        return type(value) in (int, float, complex)
    if isinstance(t, TensorType):
        return isinstance(value, torch.Tensor)
    if isinstance(t, OptionalType):
        return value is None or is_instance(value, t.element)
    if isinstance(t, UnionType):
        return any(is_instance(value, part) for part in t.parts)
    return _is_compound(value, t)


def _is_compound(value: Any, t: Type) -> bool:
    if t is ANY_LIST:
        return isinstance(value, list)
    if t is ANY_TUPLE:
        return isinstance(value, tuple)
    if isinstance(t, ListType):
        return isinstance(value, list) and _all_are(cast("list[Any]", value), t.element)
    if isinstance(t, DictType):
        if not isinstance(value, dict):
            return False
        items = cast("dict[Any, Any]", value)
        return _all_are(items, t.key_type) and _all_are(items.values(), t.value_type)
    if isinstance(t, TupleType):
        if not isinstance(value, tuple):
            return False
        items = cast(tuple[Any, ...], value)
        return len(items) == len(t.parts) and all(
            is_instance(i, p) for i, p in zip(items, t.parts, strict=True)
        )
    if isinstance(t, ClassType | InterfaceType):
        return isinstance(value, ScriptObject) and is_subtype(value.type, t)
    if t is ANY_CLASS:
        return isinstance(value, ScriptObject)
    if isinstance(t, EnumType) or t is ANY_ENUM:
        return isinstance(value, EnumValue) and (t is ANY_ENUM or value.type == t)
    if isinstance(t, FutureType):
        return isinstance(value, Future)
    if isinstance(t, AwaitType):
        return isinstance(value, Await)
    return False


def _all_are(items: Iterable[Any], t: Type) -> bool:
    return all(is_instance(item, t) for item in items)


_LEVELS = 16
_PARTS = 100
_SIGNS = 1_000
"""Containers in containers, parts of each, and characters of a type that is told: a list may hold itself, and
a tuple as many values as there is memory for."""


def type_text(value: Any, levels: int = _LEVELS) -> str:
    """The type of a value: of tensors `Float(2, 3)`, with the device unless it is the CPU.

    A type of many parts is told by the first of them, no more than some thousand characters.
    """
    text = _type_text(value, levels)
    return text if len(text) <= _SIGNS else f"{text[:_SIGNS]}..."


def _type_text(value: Any, levels: int) -> str:
    if isinstance(value, torch.Tensor):
        return tensor_type_text(value)
    if isinstance(value, list):
        return f"{_common(_types_of(cast(list[Any], value), levels))}[]"
    if isinstance(value, tuple):
        items = cast(tuple[Any, ...], value)
        rest = ", ..." if len(items) > _PARTS else ""
        return f"({', '.join(_types_of(items, levels))}{rest})"
    if isinstance(value, dict):
        items = cast(dict[Any, Any], value)
        keys, values = _types_of(items, levels), _types_of(items.values(), levels)
        return f"Dict({_common(keys)}, {_common(values)})"
    if isinstance(value, ScriptObject | EnumValue):
        return str(value.type)
    if value is None:
        return "NoneType"
    for t, python in _EXACT.items():
        if type(value) is python:
            return str(t)
    return type(value).__name__


def _types_of(items: Iterable[Any], levels: int) -> list[str]:
    """The types of the first items; of what is in them too as far as there are `levels`."""
    return [type_text(item, levels - 1) for item in islice(items, _PARTS)] if levels else ["..."]


def tensor_type_text(tensor: torch.Tensor) -> str:
    """`Float(1, 64, 112, 112)`; `Float(2, 3, device=cuda:0)` elsewhere than on the CPU."""
    name = str(tensor.dtype).removeprefix("torch.")
    details = [str(size) for size in tensor.shape]
    if tensor.device.type != "cpu":
        details.append(f"device={tensor.device}")
    if tensor.layout != torch.strided:
        details.append(f"layout={str(tensor.layout).removeprefix('torch.')}")
    return f"{SCALAR_TYPE_NAMES.get(name, name)}({', '.join(details)})"


def _common(names: list[str]) -> str:
    distinct = list(dict.fromkeys(names))
    if len(distinct) == 1:
        return distinct[0]
    return f"<{', '.join(distinct[:3])}{', ...' if len(distinct) > 3 else ''}>" if distinct else "?"
