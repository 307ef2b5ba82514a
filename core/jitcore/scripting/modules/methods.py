"""Which methods and properties of a module are compiled at once, and under which names."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch.nn import Module
from torch.nn.parameter import is_lazy

from jitcore.scripting import markers
from jitcore.slots.qualified_names import qualified_name
from jitcore.slots.torch_names import TORCH
from jitcore.source import JitError

if TYPE_CHECKING:
    from jitcore.ir import Function
    from jitcore.types import ClassType

Routine = Callable[..., Any]


class MethodToCompile:
    """A method: the `name` it gets, its `body`, and the function whose `signature` it has."""

    __slots__ = ("body", "name", "signature")

    def __init__(self, name: str, body: Routine, signature: Routine) -> None:
        self.name = name
        self.body = body
        self.signature = signature


class MethodOfText:
    """A method that a text defines: the `name` it gets, and what declares it for the class of the module."""

    __slots__ = ("declare", "name")

    def __init__(self, name: str, declare: Callable[[ClassType], Function]) -> None:
        self.name = name
        self.declare = declare


class PropertyToCompile:
    """A property and its functions."""

    __slots__ = ("getter", "name", "setter")

    def __init__(self, name: str, getter: Routine, setter: Routine | None) -> None:
        self.name = name
        self.getter = getter
        self.setter = setter


def properties_left_out(cls: type[Any]) -> set[str]:
    """Names of properties of the class itself that it asks not to be looked at."""
    ignored: list[str] = getattr(cls, "__jit_ignored_attributes__", [])
    return {name for name in ignored if isinstance(vars(cls).get(name), property)}


def methods_to_compile(
    module: Module, overloads: dict[str, list[MethodToCompile]]
) -> Sequence[MethodToCompile | MethodOfText]:
    """The variants of overloaded methods, `forward` if the class defines it, and exported methods.

    Of a class whose methods were marked one by one, or are defined by texts, those that are.
    """
    marked: tuple[str | MethodOfText, ...] | None = getattr(type(module), "__script_methods__", None)
    if marked is not None:
        return [
            MethodToCompile(each, getattr(module, each), getattr(module, each))
            if isinstance(each, str)
            else each
            for each in marked
        ]
    ignored = properties_left_out(type(module))
    names: list[str] = []
    forward: Any = getattr(module, "forward", None)
    if (
        forward is not None
        and not markers.is_ignored(forward)
        and getattr(forward, "__func__", None) is not Module.forward
    ):
        names.append("forward")
    names.extend(
        name
        for name in dir(module)
        if name not in ignored and markers.modifier_of(getattr(module, name, None)) == "export"
    )
    variants = [variant for variants in overloads.values() for variant in variants]
    found: list[MethodToCompile] = []
    for name in dict.fromkeys(names):
        if name not in overloads:
            method = _unmarked(getattr(module, name))
            found.append(MethodToCompile(name, method, method))
    return variants + found


def _unmarked(method: Any) -> Routine:
    """The function of a method that torch's `script_method` marked in a plain module."""
    return getattr(method, "original_method", method)


def overloaded_methods(module: Module) -> dict[str, list[MethodToCompile]]:
    """The methods of a module that declare several signatures, as variants named `forward__0` and so on."""
    found: dict[str, list[MethodToCompile]] = {}
    class_name = type(module).__name__
    if not any(class_name in classes for classes in TORCH._jit_internal._overloaded_methods.values()):
        return found
    ignored = properties_left_out(type(module))
    for name in dir(type(module)):
        if name in ignored:
            continue
        method = getattr(module, name, None)
        if not callable(method) or getattr(method, "__module__", None) is None:
            continue
        try:
            signatures = TORCH._jit_internal._get_overloaded_methods(method, type(module))
        except AssertionError as error:
            raise JitError(str(error), "AssertionError") from error
        if signatures:
            if any(signature is getattr(method, "__func__", method) for signature in signatures):
                raise JitError(
                    f'Implementation for the method "{qualified_name(method)}" is missing. Please make sure '
                    "a definition is provided and defined after all overload declarations."
                )
            found[method.__name__] = [
                MethodToCompile(f"{name}__{number}", method, signature)
                for number, signature in enumerate(signatures)
            ]
    return found


def properties_to_compile(module: Module) -> list[PropertyToCompile]:
    """The properties of the module's class by name, but the unused ones."""
    unused: list[str] = getattr(module, "__jit_unused_properties__", [])
    found: list[PropertyToCompile] = []
    for name, value in inspect.getmembers(type(module), lambda member: isinstance(member, property)):
        if name not in unused and not markers.is_dropped(value.fget):
            found.append(PropertyToCompile(name, value.fget, value.fset))
    return found


def static_function(cls: type[Any], name: str) -> Routine | None:
    """The static function of that name, None if there is none."""
    return getattr(cls, name) if isinstance(inspect.getattr_static(cls, name, None), staticmethod) else None


def check_initialized(module: Any) -> None:
    """Raise `JitError` for a module that is not ready: without `Module.__init__`, or with lazy parameters."""
    name = torch.typename(type(module))
    if not hasattr(module, "_parameters"):
        raise JitError(f"'{name}' has not been initialized, did you forget to call 'super()'?")
    if hasattr(module, "remote_parameters"):
        return
    for what, tensors in (("parameters", module._parameters), ("buffers", module._buffers)):
        for each, tensor in tensors.items():
            if tensor is not None and is_lazy(tensor):
                raise JitError(
                    f"'{name}' has uninitialized {what} {each}. Did you forget to run a forward pass?"
                )
