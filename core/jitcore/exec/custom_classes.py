"""Objects of C++ classes (`torch.classes`), such as the packed weights of quantized layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from jitcore.exec.errors import ExecutionError

if TYPE_CHECKING:
    from jitcore.types import ClassType

PREFIX = "__torch__.torch.classes."


def is_custom_class(cls: ClassType) -> bool:
    """Whether instances of `cls` live in C++ and have no attributes here."""
    return cls.qualified_name.startswith(PREFIX)


def namespace_of(cls: ClassType) -> str:
    """The namespace that a library registered the C++ class in, as `quantized`."""
    return cls.qualified_name.removeprefix(PREFIX).partition(".")[0]


def build_custom_object(cls: ClassType, state: object) -> object:
    """The C++ object that had `state` when it was saved, made by the class's own `__setstate__`."""
    name = cls.qualified_name
    # What torch itself does to unpickle such an object; its stubs do not know it.
    made: Any = torch.ScriptObject.__new__(torch.ScriptObject)
    try:
        made.__setstate__((state, name))
    except (RuntimeError, TypeError) as error:
        first_line = str(error).strip().partition("\n")[0]
        short = name.removeprefix(PREFIX)
        raise ExecutionError(
            f"the C++ class {short} cannot be restored on this machine: {first_line}"
        ) from error
    return made


def make_custom_object(cls: ClassType, arguments: list[object]) -> object:
    """A new C++ object, made by the class's `__init__`."""
    namespace, _, name = cls.qualified_name.removeprefix(PREFIX).partition(".")
    try:
        found = getattr(getattr(torch.classes, namespace), name)
    except RuntimeError as error:
        raise ExecutionError(
            f"no library on this machine provides the C++ class {namespace}.{name}"
        ) from error
    return found(*arguments)


def call_custom_method(instance: object, name: str, arguments: list[object]) -> object:
    """Call the method `name` of a C++ object."""
    if not isinstance(instance, torch.ScriptObject):
        raise ExecutionError(f"{type(instance).__name__} is not an object of a C++ class")
    return instance._get_method(name)(*arguments)
