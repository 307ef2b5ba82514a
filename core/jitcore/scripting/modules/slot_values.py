"""Python values as the values of slots: converted to the type that the slot has."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.ir import EnumValue, ScriptObject
from jitcore.scripting.constants import NUMBERED
from jitcore.scripting.wrappers import script_object_of
from jitcore.source import JitError
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
    ClassType,
    DictType,
    EnumType,
    ListType,
    OptionalType,
    TupleType,
    Type,
    UnionType,
)  # fmt: skip

if TYPE_CHECKING:
    from jitcore.scripting.modules.value_types import ValueTypes


class MismatchError(JitError):
    """A value is none of the type that is asked for."""


class SlotValues:
    """Converts values; containers are copied, and one instance of a class gives one object."""

    def __init__(self, types: ValueTypes) -> None:
        self._types = types
        self._objects: dict[int, tuple[object, ScriptObject]] = {}

    def convert(self, value: Any, kind: Type) -> object:
        """`value` as one of type `kind`; raises `MismatchError` if it is none."""
        scalar = _SCALARS.get(kind)
        if scalar is not None:
            return scalar(value)
        if isinstance(kind, OptionalType):
            return None if value is None else self.convert(value, kind.element)
        if isinstance(kind, UnionType):
            return self._member(value, kind)
        if kind is ANY:
            return self.convert(value, self._types.infer(value))
        if isinstance(kind, ListType) and isinstance(value, list | tuple):
            return [self.convert(item, kind.element) for item in cast("list[Any]", value)]
        if isinstance(kind, TupleType) and isinstance(value, tuple):
            items = cast("tuple[Any, ...]", value)
            if len(items) == len(kind.elements):
                return tuple(self.convert(v, t) for v, t in zip(items, kind.elements, strict=True))
        if isinstance(kind, DictType) and isinstance(value, dict):
            return {
                self.convert(k, kind.key_type): self.convert(v, kind.value_type)
                for k, v in cast("dict[Any, Any]", value).items()
            }
        if isinstance(kind, EnumType) and isinstance(value, enum.Enum):
            return EnumValue(kind, value.name, value.value)
        if isinstance(kind, ClassType):
            return self._object(value, kind)
        if kind.kind in _AS_IT_IS:
            return value
        raise _mismatch(value, kind)

    def _member(self, value: Any, kind: UnionType) -> object:
        # The part that the value is by itself comes before those that it can be converted to.
        own = self._types.infer(value)
        for part in kind.parts:
            if part == own:
                return self.convert(value, part)
        for part in kind.parts:
            try:
                return self.convert(value, part)
            except MismatchError:
                continue
        raise _mismatch(value, kind)

    def _object(self, value: Any, kind: ClassType) -> object:
        wrapped = script_object_of(value)
        if wrapped is not None or isinstance(value, torch.ScriptObject):
            return value if wrapped is None else wrapped
        known = self._objects.get(id(value))
        if known is not None:
            return known[1]
        made = ScriptObject(kind)
        self._objects[id(value)] = value, made
        for name, attribute in kind.attributes.items():
            if not hasattr(value, name):
                raise JitError(f"an instance of {kind.name} has no attribute '{name}'")
            made.attributes[name] = self.convert(getattr(value, name), attribute.type)
        return made


def _mismatch(value: Any, kind: Type) -> MismatchError:
    return MismatchError(f"a value of Python type '{type(value).__name__}' is no {kind.annotation()}")


def _tensor(value: Any) -> object:
    if isinstance(value, torch.Tensor):
        return value
    raise _mismatch(value, TENSOR)


def _none(value: Any) -> None:
    if value is not None:
        raise _mismatch(value, NONE)


def _is_number(value: Any, most: torch.dtype) -> bool:
    """Whether a number of type `most` can be made of the value, a number or a tensor of one number."""
    if isinstance(value, torch.Tensor):
        return value.numel() == 1 and torch.can_cast(value.dtype, most)
    if isinstance(value, bool | int):
        return True
    is_real = isinstance(value, float) and most is not torch.int64
    return is_real or (isinstance(value, complex) and most is torch.complex128)


def _int(value: Any) -> object:
    if isinstance(value, torch.dtype | torch.layout | torch.qscheme | torch.memory_format):
        return NUMBERED[value]
    if _is_number(value, torch.int64):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if not -(1 << 63) <= value < 1 << 63:
            raise MismatchError(f"the integer {value} does not fit into 64 bits")
        return int(value)
    raise _mismatch(value, INT)


def _float(value: Any) -> object:
    if _is_number(value, torch.float64):
        return float(value)
    raise _mismatch(value, FLOAT)


def _complex(value: Any) -> object:
    if _is_number(value, torch.complex128):
        return complex(value)
    raise _mismatch(value, COMPLEX)


def _bool(value: Any) -> object:
    if value is None or _is_number(value, torch.complex128):
        return bool(value)
    raise _mismatch(value, BOOL)


def _string(value: Any) -> object:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    if isinstance(value, str):
        return str(value)
    raise _mismatch(value, STRING)


def _number(value: Any) -> object:
    if isinstance(value, bool | int | float | complex):
        return value
    raise _mismatch(value, NUMBER)


def _device(value: Any) -> object:
    if isinstance(value, torch.device | str):
        return torch.device(value)
    raise _mismatch(value, DEVICE)


_SCALARS: dict[Type, Callable[[Any], object]] = {
    TENSOR: _tensor, NONE: _none, INT: _int, FLOAT: _float, COMPLEX: _complex, BOOL: _bool, STRING: _string,
    NUMBER: _number, DEVICE: _device,
}  # fmt: skip
_AS_IT_IS = frozenset(("GeneratorType", "StreamObjType", "InterfaceType", "FutureType", "RRefType"))
"""Types whose values are torch's own, or were made by the compiler."""
