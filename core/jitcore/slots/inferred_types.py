"""The types of Python values that are given where any type, or one of several, is taken."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.ir import EnumValue, ScriptObject
from jitcore.slots.python_classes import stood_for
from jitcore.types import (
    BOOL,
    COMPLEX,
    DEVICE,
    FLOAT,
    GENERATOR,
    INT,
    NONE,
    STRING,
    TENSOR,
    DictType,
    ListType,
    TupleType,
    Type,
    unify_all,
)

if TYPE_CHECKING:
    from jitcore.slots.compiles import KnownClasses

_ONLY = (
    "Only tensors and (possibly nested) tuples of tensors, lists, or dicts are supported as inputs or "
    "outputs of traced functions, but instead got value of type "
)
_LISTS = "List inputs to traced functions must have consistent element type"
_DICTS = "Dictionary inputs to traced functions must have consistent type"
_SCALARS = (
    (torch.Tensor, TENSOR), (bool, BOOL), (int, INT), (float, FLOAT), (complex, COMPLEX),
    ((str, bytes), STRING), (torch.device, DEVICE), (torch.Generator, GENERATOR),
    ((torch.dtype, torch.layout, torch.memory_format, torch.qscheme), INT),
)  # fmt: skip
_KEYS = (BOOL, INT, FLOAT, COMPLEX, STRING, TENSOR, DEVICE)


class InferenceError(Exception):
    """A value has no type by itself; the message says which part of it and why."""


def inferred_type(value: Any, known: KnownClasses) -> Type:
    """The type that a Python value has by itself; raises `InferenceError`.

    `known` are the classes of Python that programs know.
    """
    if value is None:
        return NONE
    for python, kind in _SCALARS:
        if isinstance(value, python):
            return kind
    if isinstance(value, ScriptObject | EnumValue):
        return value.type
    wrapped = getattr(value, "_script_object", None)
    if isinstance(wrapped, ScriptObject):
        return wrapped.type
    if isinstance(value, enum.Enum):
        return stood_for(type(value)) or known.enum_type(type(value), None)
    if isinstance(value, tuple):
        return TupleType(tuple(inferred_type(item, known) for item in cast("tuple[Any, ...]", value)))
    if isinstance(value, dict):
        return _dict_type(cast("dict[Any, Any]", value), known)
    if isinstance(value, list):
        return _list_type(cast("list[Any]", value), known)
    return _class_type(value, known)


def _dict_type(value: dict[Any, Any], known: KnownClasses) -> Type:
    """The type of a dict, of which libtorch looks at one entry after the other."""
    if not value:
        raise InferenceError("Dictionary inputs must have entries")
    key: Type | None = None
    held: Type | None = None
    for name, item in value.items():
        key = _unified(key, inferred_type(name, known), _DICTS)
        held = _unified(held, inferred_type(item, known), _DICTS)
    assert key is not None
    assert held is not None
    if key not in _KEYS:
        raise InferenceError(f"Cannot create dict for key type '{key}'")
    return DictType(key, held)


def _list_type(value: list[Any], known: KnownClasses) -> Type:
    if not value:
        raise InferenceError("List trace inputs must have elements")
    element: Type | None = None
    for item in value:
        try:
            kind = inferred_type(item, known)
        except InferenceError as error:
            raise InferenceError(f"Could not infer type of list element: {error}") from None
        element = _unified(element, kind, _LISTS)
    assert element is not None
    return ListType(element)


def _unified(so_far: Type | None, kind: Type, what: str) -> Type:
    """The type of what was there so far and of one more; `what` says of which container."""
    if so_far is None:
        return kind
    unified = unify_all([so_far, kind])
    if unified is None:
        raise InferenceError(f"{what}. Found {so_far.repr_str} and {kind.repr_str}")
    return unified


def _class_type(value: Any, known: KnownClasses) -> Type:
    found = known.class_of(type(value))
    if found is None:
        raise InferenceError(f"{_ONLY}{type(value).__name__}.")
    return found
