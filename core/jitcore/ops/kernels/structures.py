"""Tuples, optionals, enums and casts that the compiler has already checked."""

from __future__ import annotations

from typing import Any

from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.registry import op


@op("prim::TupleIndex(Any tup, int i) -> Any")
def tuple_index(tup: tuple[Any, ...], i: int) -> Any:
    """Element at an index, which may count from the end."""
    if not -len(tup) <= i < len(tup):
        raise TorchScriptError("Tuple index out of range")
    return tup[i]


@op("prim::TupleUnpack(Any tup) -> ...")
def tuple_unpack(tup: tuple[Any, ...]) -> tuple[Any, ...]:
    """The elements."""
    return tup


@op("prim::unchecked_cast(t x) -> t")
def unchecked_cast(x: Any) -> Any:
    """The value under another type."""
    return x


@op("prim::unchecked_unwrap_optional(t(a)? optional) -> t(a)")
def unchecked_unwrap_optional(optional: Any) -> Any:
    """A value that is known not to be None."""
    return optional


@op("aten::_unwrap_optional(t(a)? optional) -> t(a)")
def unwrap_optional(optional: Any) -> Any:
    """The value; raises for None."""
    if optional is None:
        raise TorchScriptError("Unwrapping null optional")
    return optional


@op("prim::IfThenElse(bool cond, Any(a) x, Any(b) y) -> Any(b|a)")
def if_then_else(cond: bool, x: Any, y: Any) -> Any:
    """One of two values, both of which have been computed."""
    return x if cond else y


@op("prim::EnumName(AnyEnumType enum) -> str")
def enum_name(enum: Any) -> str:
    """Name of a member."""
    return enum.name


@op(
    "prim::EnumValue.int(AnyEnumType enum) -> int",
    "prim::EnumValue.float(AnyEnumType enum) -> float",
    "prim::EnumValue.str(AnyEnumType enum) -> str",
)
def enum_value(enum: Any) -> Any:
    """Value of a member."""
    return enum.value
