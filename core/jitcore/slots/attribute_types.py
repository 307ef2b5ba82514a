"""The types that values of attributes have by themselves, where no annotation says one."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.ir import Function
from jitcore.slots.native_types import class_named
from jitcore.slots.wrappers import script_object_of
from jitcore.source import JitError
from jitcore.types import (
    ANY,
    BOOL,
    COMPLEX,
    DEVICE,
    FLOAT,
    GENERATOR,
    INT,
    NONE,
    STREAM,
    STRING,
    TENSOR,
    DictType,
    FunctionType,
    ListType,
    TupleType,
    Type,
    unify,
)  # fmt: skip

if TYPE_CHECKING:
    from jitcore.slots.compiles import SlotCompiler

_KEYS = (ANY, BOOL, INT, FLOAT, COMPLEX, TENSOR, DEVICE, STRING)


class NoTypeError(JitError):
    """A value has no type of its own; the message says why."""


_SCALARS: tuple[tuple[type | tuple[type, ...], Type], ...] = (
    (torch.Tensor, TENSOR), (bool, BOOL), (int, INT), (float, FLOAT), (complex, COMPLEX),
    ((str, bytes), STRING), ((torch.dtype, torch.layout, torch.qscheme), INT), (torch.device, DEVICE),
    (torch.Generator, GENERATOR), (torch.Stream, STREAM),
)  # fmt: skip


class AttributeTypes:
    """Infers types of Python values; classes that are met are compiled by `compiler`."""

    def __init__(self, compiler: SlotCompiler) -> None:
        self._compiler = compiler

    def infer(self, value: Any) -> Type:
        """The type of a value; raises `NoTypeError` if it has none, `JitError` for a dict that cannot be."""
        if value is None:
            return NONE
        for python_type, kind in _SCALARS:
            # Before enums: a member that is a text or number too is taken for that.
            if isinstance(value, python_type):
                return kind
        if isinstance(value, enum.Enum):
            return self._compiler.enum_type(type(value), None)
        wrapped = script_object_of(value)
        if wrapped is not None:
            return wrapped.type
        if isinstance(value, Function):
            return FunctionType(value.qualified_name, value)
        if isinstance(value, torch.ScriptObject):
            return self._custom(value)
        if isinstance(value, torch.nn.Module):
            raise NoTypeError("Cannot infer concrete type of torch.nn.Module")
        if isinstance(value, tuple):
            return TupleType(tuple(self.infer(item) for item in cast("tuple[Any, ...]", value)))
        if isinstance(value, list):
            return ListType(self._items(cast("list[Any]", value)))
        if isinstance(value, dict):
            return self._dict(cast("dict[Any, Any]", value))
        found = self._compiler.instance_type(type(value))
        if found is None:
            raise NoTypeError(
                "Only tensors and (possibly nested) tuples of tensors, lists, or dicts are supported as "
                f"values of attributes, but instead got value of type {type(value).__name__}."
            )
        return found

    def _custom(self, value: torch.ScriptObject) -> Type:
        return class_named(value._type().qualified_name())  # type: ignore[attr-defined]

    def _items(self, values: list[Any]) -> Type:
        if not values:
            raise NoTypeError("List trace inputs must have elements")
        shared: Type | None = None
        for value in values:
            try:
                kind = self.infer(value)
            except NoTypeError as error:
                raise NoTypeError(f"Could not infer type of list element: {error}") from None
            unified = kind if shared is None else unify(shared, kind)
            if unified is None:
                raise NoTypeError(
                    "List inputs to traced functions must have consistent element type. Found "
                    f"{shared.repr_str if shared else ''} and {kind.repr_str}"
                )
            shared = unified
        assert shared is not None
        return shared

    def _dict(self, values: Mapping[Any, Any]) -> Type:
        if not values:
            raise NoTypeError("Dictionary inputs must have entries")
        key_type: Type | None = None
        value_type: Type | None = None
        for key, value in values.items():
            key_type = self._joined(key_type, key)
            value_type = self._joined(value_type, value)
        assert key_type is not None
        assert value_type is not None
        if key_type not in _KEYS:
            raise JitError(
                f"Cannot create dict for key type '{key_type}', only int, float, complex, Tensor, device and "
                "string keys are supported"
            )
        return DictType(key_type, value_type)

    def _joined(self, shared: Type | None, entry: Any) -> Type:
        """The type of the keys, or values, seen so far and of one more."""
        try:
            kind = self.infer(entry)
        except NoTypeError as error:
            raise NoTypeError(f"Could not infer type of dictionary entry: {error}") from None
        unified = kind if shared is None else unify(shared, kind)
        if unified is None:
            raise NoTypeError(
                "Dictionary inputs to traced functions must have consistent type. Found "
                f"{shared.repr_str if shared else ''} and {kind.repr_str}"
            )
        return unified
