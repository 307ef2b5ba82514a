"""Constants with their types, as an archive's constant table and `Final` attributes hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from jitcore.ir.objects import EnumValue, ScriptObject
from jitcore.source import SourceRange
from jitcore.types import (
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    NONE,
    STRING,
    TENSOR,
    DictType,
    ListType,
    TupleType,
    Type,
    unify_all,
)  # fmt: skip


class TypedConstant:
    """A value and its type."""

    __slots__ = ("type", "value")

    def __init__(self, value: object, type: Type) -> None:
        self.value = value
        self.type = type


_SCALARS: dict[type, Type] = {
    bool: BOOL,
    int: INT,
    float: FLOAT,
    complex: COMPLEX,
    str: STRING,
    type(None): NONE,
}


def constant_named(name: str, constants: Sequence[TypedConstant], at: SourceRange) -> TypedConstant:
    """The entry of an archive's table that code calls `CONSTANTS.name`; `at` locates errors."""
    number = name[1:]
    if not number.isdigit():
        raise at.error(f"invalid constant specifier: {name}")
    # Python refuses to read numbers of thousands of digits.
    if len(number) > 18 or int(number) >= len(constants):
        raise at.error(
            f"constant index {number[:18]} is out of bounds (constant table has {len(constants)} entries)"
        )
    return constants[int(number)]


def typed(value: object) -> TypedConstant:
    """`value` with the type that it has by itself; what is nothing else is a tensor."""
    return value if isinstance(value, TypedConstant) else TypedConstant(value, type_of_value(value))


def type_of_value(value: object) -> Type:
    """Type of a Python value; empty containers hold tensors."""
    scalar = _SCALARS.get(type(value))
    if scalar is not None:
        return scalar
    if isinstance(value, EnumValue | ScriptObject):
        return value.type
    if isinstance(value, tuple):
        return TupleType(tuple(type_of_value(v) for v in cast("tuple[object, ...]", value)))
    if isinstance(value, list):
        return ListType(_shared(cast("list[object]", value)))
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value)
        return DictType(_shared(list(entries)), _shared(list(entries.values())))
    return TENSOR


def _shared(values: Sequence[object]) -> Type:
    unified = unify_all([type_of_value(v) for v in values])
    return TENSOR if unified is None else unified
