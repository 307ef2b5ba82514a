"""Objects of script classes for which there is no Python class, or that were compiled as they are."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from jitcore.scripting.library import object_access

if TYPE_CHECKING:
    from jitcore.ir import ScriptObject
    from jitcore.scripting.library.machine import Machine

_MAGIC = (
    "__iter__", "__len__", "__neg__", "__mul__", "__contains__", "__add__", "__sub__", "__pow__",
    "__truediv__", "__mod__", "__ne__", "__eq__", "__lt__", "__gt__", "__le__", "__ge__", "__and__", "__or__",
    "__xor__", "__getitem__", "__setitem__", "__call__", "__int__", "__float__", "__bool__", "__str__",
    "__enter__", "__exit__",
)  # fmt: skip


class RecursiveScriptClass:
    """An object of a script class, with its attributes, properties and methods."""

    def __init__(self, script_object: ScriptObject, machine: Machine) -> None:
        self.__dict__["_script_object"] = script_object
        self.__dict__["_machine"] = machine

    def __getattr__(self, name: str) -> Any:
        state = self.__dict__
        owner, machine = state.get("_script_object"), state.get("_machine")
        if owner is None or machine is None:
            raise AttributeError(name)
        getter = object_access.accessor(owner, name, machine)
        if getter is not None:
            return getter()
        if object_access.has_value(owner, name):
            return object_access.read(owner, name, machine)
        found = object_access.method(owner, name, machine)
        if found is None:
            raise AttributeError(_no_field(owner, name))
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        owner, machine = self.__dict__["_script_object"], self.__dict__["_machine"]
        setter = object_access.accessor(owner, name, machine, sets=True)
        if setter is not None:
            setter(value)
        elif object_access.has_value(owner, name):
            object_access.write(owner, name, value, machine)
        else:
            raise AttributeError(_no_field(owner, name))

    def __getstate__(self) -> NoReturn:
        raise pickle.PickleError("ScriptClasses cannot be pickled")

    def __hash__(self) -> int:
        return id(self.__dict__["_script_object"])


def _no_field(owner: ScriptObject, name: str) -> str:
    return f"{owner.type.qualified_name} does not have a field with name '{name}'"


def _forwarding(name: str) -> Callable[..., Any]:
    fallback = object.__dict__.get(name)

    def forward(self: RecursiveScriptClass, *args: Any) -> Any:
        state = self.__dict__
        found = object_access.method(state["_script_object"], name, state["_machine"])
        if found is not None:
            return found(*args)
        if name == "__bool__":
            return True
        if fallback is None:
            raise TypeError(f"'{state['_script_object'].type.name}' object has no method {name}")
        return fallback(self, *args)

    return forward


for _name in _MAGIC:
    setattr(RecursiveScriptClass, _name, _forwarding(_name))
