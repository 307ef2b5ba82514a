"""Classes and objects of modules, made from what is known of them: slots filled, no method compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.ir import ScriptObject
from jitcore.ops.implementing import why_not_implemented
from jitcore.slots.slot_values import slot_value
from jitcore.source import JitError
from jitcore.types import ClassType, InterfaceType

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.slots.compiles import KnownClasses, SlotCompiler
    from jitcore.slots.concrete_type import ConcreteType


def class_of_module(concrete: ConcreteType, qualified_name: str, compiler: SlotCompiler) -> ClassType:
    """A class of that name with the slots and constants of a concrete type, and no methods."""
    kind = ClassType(qualified_name, is_module=True)
    for name, attribute in concrete.attributes.items():
        kind.add_attribute(name, attribute.type, attribute.is_parameter, attribute.is_buffer)
    for name, value in concrete.constants.items():
        constant = compiler.constant(value)
        kind.add_constant(name, constant.value, constant.type)
    for name, submodule in concrete.submodules.items():
        assert submodule.type is not None
        kind.add_attribute(name, submodule.type)
    return kind


def object_of_module(
    module: Any,
    concrete: ConcreteType,
    known: KnownClasses,
    object_of: Callable[[Any, ConcreteType], ScriptObject],
) -> ScriptObject:
    """An object of the class of a concrete type that holds the tensors of `module`, and copies of the rest.

    `object_of` gives the object of a submodule. Raises `JitError` for a value that does not have the type of
    its slot.
    """
    made = ScriptObject(concrete.class_type)
    for name, attribute in concrete.attributes.items():
        made.attributes[name] = slot_value(module, name, attribute.type, known)
    for name, submodule in concrete.submodules.items():
        child = made.attributes[name] = object_of(getattr(module, name), submodule)
        if isinstance(submodule.type, InterfaceType):
            why = why_not_implemented(child.type, submodule.type)
            if why is not None:
                declared = submodule.type.annotation()
                raise JitError(f"Could not cast attribute '{name}' to type {declared}: {why}")
    return made
