"""Which types hold memory that can change, and which of them can alias each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.types import (
    TENSOR,
    ClassType,
    FutureType,
    OptionalType,
    TupleType,
    Type,
    UnionType,
    make_union,
    rebuilt,
    unshaped,
)

if TYPE_CHECKING:
    from jitcore.ir import Value

AliasTypes = tuple[Type, ...]

_ALWAYS_MUTABLE: Final = frozenset(("TensorType", "ListType", "DictType", "ClassType"))
_NEVER_MUTABLE: Final = frozenset(
    (
        "IntType", "FloatType", "BoolType", "StringType", "NoneType", "NumberType", "ComplexType",
        "DeviceObjType", "FunctionType", "EnumType", "InterfaceType", "GeneratorType", "StreamObjType",
        "CapsuleType",
    )
)  # fmt: skip
_TENSOR_ONLY: Final[AliasTypes] = (TENSOR,)
_NONE: Final[AliasTypes] = ()


def is_mutable_type(t: Type) -> bool:
    """Whether a value of the type is, or holds, something that can be written to."""
    kind = t.kind
    if kind in _ALWAYS_MUTABLE:
        return True
    return kind not in _NEVER_MUTABLE and bool(_alias_types(t))


def is_mutable_value(value: Value) -> bool:
    """Whether the value is, or holds, something that can be written to."""
    return is_mutable_type(value.type)


class AliasTypeCache:
    """Maps types to the mutable types that their values may alias.

    Types whose values can share memory map to the same alias types: shapes are forgotten,
    `Optional[List[int]]` is `List[int]`, tuples keep only what can change, unions are listed.
    """

    __slots__ = ("_alias_types", "_contained")

    def __init__(self) -> None:
        self._alias_types: dict[Type, AliasTypes] = {}
        self._contained: dict[Type, tuple[Type, ...]] = {}

    def alias_types(self, t: Type) -> AliasTypes:
        """The alias types of `t`; empty when nothing of it can change."""
        kind = t.kind
        if kind == "TensorType":
            return _TENSOR_ONLY
        if kind in _NEVER_MUTABLE:
            return _NONE
        found = self._alias_types.get(t)
        if found is None:
            found = self._alias_types[t] = _alias_types(t)
        return found

    def is_mutable(self, t: Type) -> bool:
        """As `is_mutable_type`."""
        kind = t.kind
        return kind in _ALWAYS_MUTABLE or (kind not in _NEVER_MUTABLE and bool(self.alias_types(t)))

    def contained(self, alias_type: Type) -> tuple[Type, ...]:
        """What a fresh object of an alias type holds that can itself change."""
        if alias_type.kind == "TensorType":
            return ()
        found = self._contained.get(alias_type)
        if found is None:
            if isinstance(alias_type, ClassType):
                parts = tuple(attribute.type for attribute in alias_type.attributes.values())
            else:
                parts = alias_type.parts
            found = self._contained[alias_type] = tuple(part for part in parts if self.is_mutable(part))
        return found


def single_type(alias_types: AliasTypes) -> Type:
    """The alias types as one type, a union where there are several."""
    return alias_types[0] if len(alias_types) == 1 else make_union(alias_types)


def _alias_types(t: Type) -> AliasTypes:
    kind = t.kind
    if kind in _ALWAYS_MUTABLE:
        return (unshaped(t),)
    if isinstance(t, OptionalType):
        return _alias_types(t.element)
    if isinstance(t, UnionType):
        return _alias_types_of_parts(t)
    if kind == "AnyType":
        return (t,)
    if isinstance(t, FutureType) or kind == "AwaitType":
        inner = _alias_types(t.parts[0])
        return (rebuilt(t, (single_type(inner),)),) if inner else ()
    if isinstance(t, TupleType):
        inner = _alias_types_of_parts(t)
        return (TupleType(inner),) if inner else ()
    return ()


def _alias_types_of_parts(t: Type) -> AliasTypes:
    found: list[Type] = []
    for part in t.parts:
        found.extend(_alias_types(part))
    return tuple(found)
