"""The type that a value has in a run, as torch's `IValue::type()` tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeVar, cast

import torch

from jitcore.exec.control_flow import Future
from jitcore.ir import EnumValue, ScriptObject
from jitcore.types import (
    ANY,
    BOOL,
    COMPLEX,
    DEVICE,
    FLOAT,
    GENERATOR,
    INT,
    NONE,
    STRING,
    DictType,
    FutureType,
    ListType,
    OptionalType,
    TensorType,
    TupleType,
    Type,
    UnionType,
    is_subtype,
    unify_all,
)  # fmt: skip
from jitcore.types.parsing import custom_class

_Kind = TypeVar("_Kind", bound=Type)

_EXACT: Final[dict[type, Type]] = {
    type(None): NONE, bool: BOOL, int: INT, float: FLOAT, complex: COMPLEX, str: STRING,
    torch.device: DEVICE, torch.Generator: GENERATOR,
}  # fmt: skip


def type_of_value(value: Any, declared: Type = ANY) -> Type:
    """The type of a value whose variable is `declared`.

    Only what the value cannot tell comes from there: lists and dicts have the parts that they were made for,
    whatever is in them. A tensor's type has all that is known of it. ANY for what no type stands for.
    """
    exact = _EXACT.get(type(value))
    if exact is not None:
        return exact
    if isinstance(value, torch.Tensor):
        return tensor_type(value)
    if isinstance(value, ScriptObject | EnumValue):
        return value.type
    if isinstance(value, tuple):
        items = cast("tuple[Any, ...]", value)
        for kind in _alternatives(declared, TupleType):
            if len(kind.elements) == len(items):
                pairs = zip(items, kind.elements, strict=True)
                return TupleType(tuple(type_of_value(*pair) for pair in pairs), kind.name, kind.field_names)
        return TupleType(tuple(type_of_value(item) for item in items))
    if isinstance(value, list):
        made_for = _only(_alternatives(declared, ListType))
        return made_for or ListType(_common(cast("list[Any]", value)))
    if isinstance(value, dict):
        items = cast("dict[Any, Any]", value)
        return _only(_alternatives(declared, DictType)) or DictType(_common(items), _common(items.values()))
    if isinstance(value, Future):
        return _only(_alternatives(declared, FutureType)) or FutureType(ANY)
    if isinstance(value, torch.ScriptObject):
        native: Any = value
        return custom_class(str(native._type().qualified_name()))
    return ANY


def tensor_type(tensor: torch.Tensor) -> TensorType:
    """The type that says all that is known of a tensor."""
    strided = tensor.layout is torch.strided
    return TensorType(
        str(tensor.dtype).removeprefix("torch."),
        tuple(tensor.shape),
        tuple(tensor.stride()) if strided else None,
        tensor.requires_grad,
        str(tensor.device),
    )


def _alternatives(declared: Type, wanted: type[_Kind]) -> list[_Kind]:
    """What of a declared type, an Optional or a Union perhaps, is of a kind."""
    if isinstance(declared, OptionalType | UnionType):
        return [kind for part in declared.parts for kind in _alternatives(part, wanted)]
    return [declared] if isinstance(declared, wanted) else []


def _only(found: list[_Kind]) -> _Kind | None:
    return found[0] if len(found) == 1 else None


def _common(items: Iterable[Any]) -> Type:
    """The one type that all items have, as far as there is one; that of tensors says nothing of them."""
    kinds = [TensorType() if isinstance(item, torch.Tensor) else type_of_value(item) for item in items]
    found = unify_all(kinds)
    return ANY if found is None or not all(is_subtype(kind, found) for kind in kinds) else found
