"""Python values as constants of the IR."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.frontend.constants import TypedConstant
from jitcore.ir.objects import DeviceName, EnumValue
from jitcore.slots.numbered import NUMBERED
from jitcore.source import error_at
from jitcore.types import (
    ANY,
    BOOL,
    COMPLEX,
    DEVICE,
    FLOAT,
    INT,
    NONE,
    NUMBER,
    STRING,
    TENSOR,
    DictType,
    EnumType,
    ListType,
    OptionalType,
    TupleType,
    Type,
    UnionType,
    is_subtype,
    unify_all,
)  # fmt: skip

if TYPE_CHECKING:
    from jitcore.scripting.compiler import ScriptCompiler
    from jitcore.source import SourceRange

_MOST = (1 << 63) - 1


class PythonConstants:
    """Converts Python values; `compiler` gives the types of enums."""

    def __init__(self, compiler: ScriptCompiler) -> None:
        self._compiler = compiler

    def simple(self, value: Any, at: SourceRange | None) -> TypedConstant | None:
        """A number, text, None, device, dtype or its like as a constant; None for everything else."""
        kind = type(value)
        scalar = _SCALARS.get(kind)
        if scalar is not None:
            if kind is int and not -_MOST - 1 <= value <= _MOST:
                raise error_at(at, f"the integer {value} does not fit into 64 bits")
            return TypedConstant(value, scalar)
        if kind is torch.device:
            return TypedConstant(DeviceName(value), DEVICE)
        if kind in _NUMBERED_KINDS:
            return TypedConstant(NUMBERED[value], INT)
        if isinstance(value, enum.Enum):
            return None
        for base, scalar in _SCALARS.items():
            if isinstance(value, base):
                return TypedConstant(base(value), scalar)
        return None

    def enum_member(self, member: enum.Enum, at: SourceRange | None) -> TypedConstant:
        """A member of an enum."""
        kind = self._compiler.enum_type(type(member), at)
        return TypedConstant(EnumValue(kind, member.name, member.value), kind)

    def typed(self, value: Any, at: SourceRange | None) -> TypedConstant:
        """A value with the type that it has by itself; raises `SourceError` for what is no constant."""
        found = self.simple(value, at)
        if found is not None:
            return found
        if isinstance(value, enum.Enum):
            return self.enum_member(value, at)
        if isinstance(value, tuple):
            parts = [self.typed(v, at) for v in cast("tuple[Any, ...]", value)]
            return TypedConstant(tuple(p.value for p in parts), TupleType(tuple(p.type for p in parts)))
        if isinstance(value, list):
            parts = [self.typed(v, at) for v in cast("list[Any]", value)]
            return TypedConstant([p.value for p in parts], ListType(self._shared(value, parts, at)))
        if isinstance(value, dict):
            entries = cast("dict[Any, Any]", value)
            keys = [self.typed(k, at) for k in entries]
            values = [self.typed(v, at) for v in entries.values()]
            kind = DictType(self._shared(value, keys, at), self._shared(value, values, at))
            return TypedConstant({k.value: v.value for k, v in zip(keys, values, strict=True)}, kind)
        if isinstance(value, torch.Tensor):
            return TypedConstant(value, TENSOR)
        raise error_at(at, f"a value of Python type '{type(value).__name__}' has no TorchScript type")

    def _shared(self, value: Any, parts: list[TypedConstant], at: SourceRange | None) -> Type:
        if not parts:
            raise error_at(at, f"the type of an empty {type(value).__name__} cannot be inferred")
        unified = unify_all([p.type for p in parts])
        if unified is None:
            raise error_at(at, f"the items of a {type(value).__name__} must be of one type")
        return unified

    def converted(self, value: Any, kind: Type, size: int | None, at: SourceRange | None) -> object:
        """A value as one of type `kind`; a number stays one where it stands for a list of `size`.

        Raises `SourceError` if it is none.
        """
        if isinstance(kind, OptionalType):
            return None if value is None else self.converted(value, kind.element, size, at)
        if isinstance(kind, UnionType):
            own = self.typed(value, at).type
            for member in kind.parts:
                if is_subtype(own, member):
                    return self.converted(value, member, None, at)
            raise _mismatch(value, kind, at)
        if kind is ANY:
            return self.typed(value, at).value
        if isinstance(kind, ListType):
            if size is not None and isinstance(value, int | float) and not isinstance(value, bool):
                return value
            if isinstance(value, list | tuple):
                return [self.converted(v, kind.element, None, at) for v in cast("list[Any]", value)]
        elif isinstance(kind, TupleType):
            if isinstance(value, tuple) and len(cast("tuple[Any, ...]", value)) == len(kind.elements):
                pairs = zip(cast("tuple[Any, ...]", value), kind.elements, strict=True)
                return tuple(self.converted(v, t, None, at) for v, t in pairs)
        elif isinstance(kind, DictType):
            if isinstance(value, dict):
                return {
                    self.converted(k, kind.key_type, None, at): self.converted(v, kind.value_type, None, at)
                    for k, v in cast("dict[Any, Any]", value).items()
                }
        elif isinstance(kind, EnumType):
            if isinstance(value, enum.Enum):
                return EnumValue(kind, value.name, value.value)
        else:
            return self._scalar(value, kind, at)
        raise _mismatch(value, kind, at)

    def _scalar(self, value: Any, kind: Type, at: SourceRange | None) -> object:
        if value is None and kind is not NONE and is_subtype(kind, TENSOR):
            # A tensor that is not there.
            return None
        found = self.typed(value, at)
        if is_subtype(found.type, kind):
            return found.value
        if kind is FLOAT and found.type is INT:
            return float(cast("int", found.value))
        if kind is COMPLEX and found.type in (INT, FLOAT):
            return complex(cast("float", found.value))
        if kind is NUMBER and found.type in (INT, FLOAT, COMPLEX, BOOL):
            return found.value
        if kind is DEVICE and found.type is STRING:
            return DeviceName(found.value)
        raise _mismatch(value, kind, at)


def _mismatch(value: Any, kind: Type, at: SourceRange | None) -> Exception:
    return error_at(
        at, f"Expected a default value of type {kind.repr_str}, but found {value!r} ({type(value).__name__})"
    )


_SCALARS: dict[type[Any], Type] = {
    type(None): NONE, bool: BOOL, int: INT, float: FLOAT, complex: COMPLEX, str: STRING,
}  # fmt: skip
_NUMBERED_KINDS = frozenset((torch.dtype, torch.layout, torch.memory_format, torch.qscheme))
