"""Objects of C++ classes (`torch.classes`), such as the packed weights of quantized layers."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any, Final

import torch

from jitcore.exec.class_states import check_state
from jitcore.exec.errors import ExecutionError
from jitcore.exec.operator_sorts import why_no_state
from jitcore.exec.plan_places import FAILURES
from jitcore.ir import ScriptObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.types import ClassType

PREFIX = "__torch__.torch.classes."

_BAD_STATES: Final = (*FAILURES, pickle.PickleError, EOFError, SyntaxError)
"""What the C++ or Python of a class may raise over a state that is none of its own."""


def is_custom_class(cls: ClassType) -> bool:
    """Whether instances of `cls` live in C++ and have no attributes here."""
    return cls.qualified_name.startswith(PREFIX)


def short_name(cls: ClassType) -> str:
    """The name that a library registered the C++ class under, as `quantized.LinearPackedParamsBase`."""
    return cls.qualified_name.removeprefix(PREFIX)


def build_custom_object(cls: ClassType, state: object, holder: str, allows_files: bool = False) -> object:
    """The C++ object that had `state` when it was saved, made by the class's own `__setstate__`.

    Refused, with `holder` in the sentence, unless the class is one that only computes with its state.
    """
    name = short_name(cls)
    why = why_no_state(name, allows_files)
    if why:
        raise ExecutionError(f"{holder} holds a C++ class {name}, {why}; it is not restored")
    # What torch itself does to unpickle such an object; its stubs do not know it.
    made: Any = torch.ScriptObject.__new__(torch.ScriptObject)
    check_state(name, state)
    try:
        made.__setstate__((state, cls.qualified_name))
    except _BAD_STATES as error:
        first_line = str(error).strip().partition("\n")[0]
        raise ExecutionError(
            f"the C++ class {name} cannot be restored on this machine: {first_line}"
        ) from error
    return made


def make_custom_object(cls: ClassType, arguments: list[object]) -> object:
    """A new C++ object, made by the class's `__init__`."""
    return _registered(cls)(*arguments)


def static_method(cls: ClassType, name: str) -> Callable[..., object]:
    """The static method `name` of a C++ class."""
    return getattr(_registered(cls), name)


def _registered(cls: ClassType) -> Any:
    """What torch gives for a C++ class that a library registered."""
    namespace, _, name = short_name(cls).partition(".")
    try:
        return getattr(getattr(torch.classes, namespace), name)
    except RuntimeError as error:
        raise ExecutionError(
            f"no library on this machine provides the C++ class {namespace}.{name}"
        ) from error


def call_custom_method(instance: object, name: str, arguments: list[object], allows_files: bool) -> object:
    """Call the method `name` of a C++ object; a state is looked at as one of an archive is."""
    if not isinstance(instance, torch.ScriptObject):
        raise ExecutionError(f"{type(instance).__name__} is not an object of a C++ class")
    kind: Any = instance._type()
    class_name = str(kind.qualified_name()).removeprefix(PREFIX)
    for argument in arguments:
        if isinstance(argument, ScriptObject):
            raise ExecutionError(
                f"{name} of the C++ class {class_name} takes an object of {argument.type.qualified_name}, "
                "which exists in this interpreter only; load the archive with torch to run it"
            )
    if name == "__setstate__":
        why = why_no_state(class_name, allows_files)
        if why:
            raise ExecutionError(f"the program restores a C++ class {class_name}, {why}")
        for state in arguments:
            check_state(class_name, state)
    try:
        return instance._get_method(name)(*arguments)
    except (pickle.PickleError, EOFError, SyntaxError) as error:
        raise ExecutionError(f"{name} failed: {error}") from error
