"""Attributes of objects of the IR, read and written from Python."""

from __future__ import annotations

from inspect import isfunction
from typing import TYPE_CHECKING, Any

from jitcore.ir import Function
from jitcore.scripting.library.script_method import ScriptMethod
from jitcore.scripting.library.to_python import to_python, with_devices
from jitcore.slots.from_python import REFUSALS, CastError, reason, to_script
from jitcore.types import TensorType

if TYPE_CHECKING:
    from jitcore.ir import ScriptObject
    from jitcore.scripting.library.machine import Machine


def has_value(owner: ScriptObject, name: str) -> bool:
    """Whether an object has an attribute or a constant of that name."""
    return name in owner.type.attributes or name in owner.type.constants


def read(owner: ScriptObject, name: str, machine: Machine) -> Any:
    """The value of an attribute or constant."""
    slot = owner.type.attributes.get(name)
    if slot is None:
        kind = owner.type.constant_types[name]
        return to_python(with_devices(owner.type.constants[name], kind), kind, machine)
    return to_python(owner.attributes[name], slot.type, machine)


def write(owner: ScriptObject, name: str, value: Any, machine: Machine) -> None:
    """Give an attribute a value; raises RuntimeError for a constant, and for a value of another type."""
    slot = owner.type.attributes.get(name)
    if slot is None:
        raise RuntimeError(f"Can't set constant '{name}' which has value:{owner.type.constants[name]}")
    try:
        if value is None and isinstance(slot.type, TensorType):
            raise CastError("None is no tensor")
        owner.attributes[name] = to_script(value, slot.type, machine.known)
    except REFUSALS as error:
        raise RuntimeError(
            f"Could not cast attribute '{name}' to type {slot.type.repr_str}: {reason(error)}"
        ) from None


def method(
    owner: ScriptObject, name: str, machine: Machine, python: type | None = None
) -> ScriptMethod | None:
    """The bound method of that name; None if there is none. `python` is the class that was compiled."""
    found = owner.type.methods.get(name)
    if not isinstance(found, Function):
        return None
    original = getattr(python, name, None)
    return ScriptMethod(found, owner, machine, original if isfunction(original) else None)


def accessor(owner: ScriptObject, name: str, machine: Machine, sets: bool = False) -> ScriptMethod | None:
    """What reads, or sets, a property; None if it is no property, or is not settable."""
    found = owner.type.properties.get(name)
    if found is None:
        return None
    wanted = found[1] if sets else found[0]
    return None if wanted is None else method(owner, wanted, machine)
