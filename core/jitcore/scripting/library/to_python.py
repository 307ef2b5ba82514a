"""Values of a run as values of Python: what a caller gets back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.exec.control_flow import Future
from jitcore.exec.errors import ExecutionError
from jitcore.ir import Await, EnumValue, ScriptObject
from jitcore.ops.kernels.byte_strings import whole
from jitcore.scripting.library.run_errors import translated
from jitcore.slots.python_classes import class_of_script, enum_class, named_tuple
from jitcore.slots.torch_names import TORCH
from jitcore.types import (
    DEVICE,
    AwaitType,
    DictType,
    FutureType,
    ListType,
    OptionalType,
    TupleType,
    Type,
)  # fmt: skip

if TYPE_CHECKING:
    from jitcore.scripting.library.machine import Machine


def to_python(value: Any, declared: Type | None, machine: Machine) -> Any:
    """`value`, of the type `declared` if that is known, as Python has it. Containers are copied."""
    if isinstance(declared, OptionalType):
        declared = declared.element
    convert = _CONVERSIONS.get(type(value))
    return value if convert is None else convert(value, declared, machine)


def with_devices(constant: object, kind: Type) -> object:
    """A constant of a class or a schema, in which devices are names, with devices for them."""
    if kind is DEVICE:
        return torch.device(str(constant))
    if isinstance(kind, TupleType) and isinstance(constant, tuple):
        parts = cast("tuple[object, ...]", constant)
        return tuple(with_devices(part, each) for part, each in zip(parts, kind.parts, strict=True))
    return constant


def _list(value: list[Any], declared: Type | None, machine: Machine) -> list[Any]:
    element = declared.element if isinstance(declared, ListType) else None
    return [to_python(item, element, machine) for item in value]


def _dict(value: dict[Any, Any], declared: Type | None, machine: Machine) -> dict[Any, Any]:
    key_type, value_type = declared.parts if isinstance(declared, DictType) else (None, None)
    return {to_python(k, key_type, machine): to_python(v, value_type, machine) for k, v in value.items()}


def _tuple(value: tuple[Any, ...], declared: Type | None, machine: Machine) -> tuple[Any, ...]:
    if not isinstance(declared, TupleType) or len(declared.parts) != len(value):
        return tuple(to_python(item, None, machine) for item in value)
    items = tuple(to_python(item, kind, machine) for item, kind in zip(value, declared.parts, strict=True))
    # The types of what operators return name fields, but have no names: plain tuples, as in torch.
    return named_tuple(declared, items) if declared.name and declared.field_names else items


def _text(value: str, declared: Type | None, machine: Machine) -> str:
    """UnicodeDecodeError for half a character, as in torch."""
    return whole(value)


def _enum(value: EnumValue, declared: Type | None, machine: Machine) -> Any:
    return enum_class(value.type)[value.name]


def _object(value: ScriptObject, declared: Type | None, machine: Machine) -> Any:
    """A module is wrapped; an object of a class becomes an instance of its Python class, if that is here."""
    python = None if value.type.is_module else class_of_script(value.type, machine.known)
    if python is None or value.has_state:
        return machine.wrap(value, machine)
    made: Any = cast("Any", python).__new__(python)
    for name, attribute in value.type.attributes.items():
        setattr(made, name, to_python(value.attributes[name], attribute.type, machine))
    return made


def _future(value: Future, declared: Type | None, machine: Machine) -> Any:
    made: Any = torch.futures.Future()
    element = declared.element if isinstance(declared, FutureType) else None
    if isinstance(value.error, ExecutionError):
        made.set_exception(translated(value.error))
    else:
        made.set_result(to_python(value.wait(), element, machine))
    return made


def _await(value: Await, declared: Type | None, machine: Machine) -> Any:
    """Work of TorchScript's that is still done when somebody first waits for it, in Python too."""
    element = declared.element if isinstance(declared, AwaitType) else None

    def wait() -> Any:
        try:
            result = value.result()
        except ExecutionError as error:
            raise translated(error) from error
        return to_python(result, element, machine)

    return TORCH._C._awaitable(wait)


_CONVERSIONS: dict[type, Callable[[Any, Type | None, Machine], Any]] = {
    str: _text, list: _list, dict: _dict, tuple: _tuple, EnumValue: _enum, ScriptObject: _object,
    Future: _future, Await: _await,
}  # fmt: skip
