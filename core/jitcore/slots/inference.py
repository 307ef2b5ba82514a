"""The concrete type of a module, found by looking at the Python instance.

What is looked at in which order decides the order of slots: parameters, buffers, submodules, constants,
everything else in the order in which it was set.
"""

from __future__ import annotations

import inspect
import sys
import typing
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import torch
from torch.nn import Module

from jitcore.slots.attribute_types import AttributeTypes, NoTypeError
from jitcore.slots.builtin_table import operator_of
from jitcore.slots.concrete_type import ConcreteType, ContainerKind, ModuleAttribute
from jitcore.slots.wrappers import function_of, is_typed
from jitcore.source import JitError, SourceError, error_at
from jitcore.types import InterfaceType, Type

if TYPE_CHECKING:
    from jitcore.slots.compiles import SlotCompiler

SubmoduleTypes = Callable[[Any], ConcreteType]

_NOT_ATTRIBUTES = frozenset((
    "_version", "_parameters", "_buffers", "_non_persistent_buffers_set", "_backward_hooks",
    "_backward_pre_hooks", "_forward_hooks", "_forward_hooks_with_kwargs", "_forward_pre_hooks",
    "_forward_pre_hooks_with_kwargs", "_forward_hooks_always_called", "_state_dict_hooks",
    "_state_dict_pre_hooks", "_load_state_dict_pre_hooks", "_load_state_dict_post_hooks", "_modules",
    "_initializing", "dump_patches",
))  # fmt: skip
"""How `Module` itself keeps what it has."""

_CONSTANT_TYPES = (
    bool, float, int, str, type(None), torch.device, torch.layout, torch.dtype, torch.qscheme
)  # fmt: skip


class ModuleInference:
    """Finds concrete types; `submodule_type` gives that of a submodule, `compiler` what is compiled."""

    def __init__(
        self, compiler: SlotCompiler, values: AttributeTypes, submodule_type: SubmoduleTypes
    ) -> None:
        self._compiler = compiler
        self._submodule_type = submodule_type
        self._values = values

    def infer(self, module: Module) -> ConcreteType:
        """The concrete type of a module, new each time; raises `JitError` for what cannot be compiled."""
        return _Inspection(self._compiler, self._submodule_type, self._values, module).run()


class _Inspection:
    """The look at one module; `_taken` are the names that have a meaning already."""

    def __init__(
        self, compiler: SlotCompiler, submodule_type: SubmoduleTypes, values: AttributeTypes, module: Any
    ) -> None:
        self._compiler = compiler
        self._submodule_type = submodule_type
        self._values = values
        self._module = module
        self._found = ConcreteType(type(module))
        self._taken: set[str] = set()
        self._annotations = {} if _is_quantization_wrapper(module) else _annotations_of(type(module))

    def run(self) -> ConcreteType:
        """Look at everything in order."""
        module, found = self._module, self._found
        found.container = container_kind(type(module))
        found.ignored.update(getattr(module, "__jit_ignored_attributes__", ()))
        self._add_tensors(module._parameters, is_parameter=True)
        self._add_tensors(module._buffers, is_parameter=False)
        for name, child in module._modules.items():
            if name not in found.ignored:
                self._add_submodule(name, child)
        self._add_constants()
        found.overloads = {
            **getattr(module, "__overloads__", {}),
            **self._compiler.method_variants(module),
        }
        for name, value in vars(module).items():
            if not (
                name in _NOT_ATTRIBUTES
                or name.startswith("__")
                or name in found.ignored
                or name in self._taken
            ):
                self._add_attribute(name, value)
        found.hooks.extend(module._forward_hooks.values())
        found.pre_hooks.extend(module._forward_pre_hooks.values())
        return found

    def _type_of(self, name: str, value: Any) -> Type:
        """The annotated type of an attribute, or that of its value; `NoTypeError` if it has none."""
        annotation = self._annotations.get(name)
        # That of `Module.forward` is said of all modules and of no value.
        if name in self._annotations and annotation != Module.__annotations__["forward"]:
            return self._annotated(annotation, name, value)
        if is_typed(value):
            return self._annotated(value.type, name, value)
        return self._values.infer(value)

    def _annotated(self, annotation: Any, name: str, value: Any) -> Type:
        try:
            return self._compiler.type_of(annotation, None)
        except SourceError as error:
            if error.location:
                # It is of what the annotation leads to.
                raise
            message = f"Error inferring type for {name}: {value}: {error.message}"
            at = self._compiler.annotation_range(type(self._module), name)
            raise error_at(at, message, error.raised_as) from error

    def _add_tensors(self, tensors: dict[str, Any], is_parameter: bool) -> None:
        for name, value in tensors.items():
            if name in self._found.ignored:
                continue
            if not (value is None or isinstance(value, torch.Tensor)):
                what = "parameter" if is_parameter else "buffer"
                raise JitError(
                    f"Expected {what} '{name}' to be None or Tensor, got {type(value)}", "AssertionError"
                )
            kind = self._type_of(name, value)
            self._found.attributes[name] = ModuleAttribute(kind, is_parameter, not is_parameter)
            self._taken.add(name)

    def _add_submodule(self, name: str, child: Any) -> None:
        found = self._found
        if child is None:
            found.attributes[name] = ModuleAttribute(self._type_of(name, child), False, False)
        elif name in self._annotations or is_typed(child):
            kind = self._type_of(name, child)
            if not isinstance(kind, InterfaceType):
                raise JitError(
                    f"the submodule '{name}' of {type(self._module).__name__} is annotated with "
                    f"{kind.annotation()}; only a module interface can stand there"
                )
            found.submodules[name] = ConcreteType.of_type(kind)
        else:
            found.submodules[name] = self._submodule_type(child)
        self._taken.add(name)

    # --- constants ------------------------------------------------------------------------------

    def _add_constants(self) -> None:
        module = self._module
        names: dict[str, None] = dict.fromkeys(getattr(module, "__constants__", ()))
        for name, annotation in self._annotations.items():
            if _is_final(annotation):
                names[name] = None
        for name in names:
            if name in self._taken:
                self._warn_of_constant(name, f"is a non-constant {self._role(name)}")
            elif not hasattr(module, name):
                self._warn_of_constant(name, "was not actually set in __init__")
            else:
                value = getattr(module, name)
                self._found.constants[name] = self._constant(name, value)
                self._taken.add(name)

    def _role(self, name: str) -> str:
        module = self._module
        return (
            "submodule" if name in module._modules
            else "buffer" if name in module._buffers
            else "parameter"
        )  # fmt: skip

    def _warn_of_constant(self, name: str, what: str) -> None:
        warnings.warn(
            f"'{name}' was found in the constants of {type(self._module).__name__}, but it {what}. Consider "
            "removing it.",
            stacklevel=2,
        )

    def _constant(self, name: str, value: Any) -> object:
        if isinstance(value, tuple | list):
            return tuple(self._constant(name, item) for item in cast("list[Any]", value))
        if not isinstance(value, _CONSTANT_TYPES):
            raise JitError(
                f"'{torch.typename(type(value))}' object in attribute "
                f"'{type(self._module).__name__}.{name}' is not a valid constant. Valid constants are: a "
                "nn.ModuleList, a value of type {bool, float, int, str, NoneType, torch.device, "
                "torch.layout, torch.dtype, torch.qscheme}, a list or tuple of these",
                "TypeError",
            )
        return value

    # --- everything else ------------------------------------------------------------------------

    def _add_attribute(self, name: str, value: Any) -> None:
        found = self._found
        if inspect.isfunction(value):
            self._add_function(name, value)
            return
        operator = operator_of(value) if callable(value) else None
        if operator is not None:
            found.operators[name] = operator
            return
        compiled = function_of(value)
        if compiled is None and isinstance(value, torch.jit.ScriptFunction):
            compiled = self._compiler.recompiled(value)
        if compiled is not None:
            found.functions[name] = value, compiled
            return
        try:
            kind = self._type_of(name, value)
        except NoTypeError as error:
            inferred = name not in self._annotations
            advice = " Its type was inferred; try adding a type annotation for the attribute."
            found.failed[name] = (
                "(This attribute exists on the Python module, but we failed to convert Python type: "
                f"'{torch.typename(value)}' to a TorchScript type. {error}.{advice if inferred else ''})"
            )
            return
        found.attributes[name] = ModuleAttribute(kind, False, False)

    def _add_function(self, name: str, function: Callable[..., Any]) -> None:
        compiled = self._compiler.function_in_slot(function)
        if isinstance(compiled, str):
            self._found.failed[name] = (
                "(This function exists as an attribute on the Python module, but we failed to compile it to "
                f"a TorchScript function. \nThe error stack is reproduced here:\n{compiled})"
            )
        else:
            self._found.functions[name] = function, compiled


def container_kind(cls: type[Any]) -> ContainerKind:
    """How modules of a class may be gone through."""
    for kinds, kind in (
        ((torch.nn.ModuleDict,), ContainerKind.DICT),
        ((torch.nn.ModuleList, torch.nn.Sequential), ContainerKind.LIST),
        ((torch.nn.ParameterList,), ContainerKind.PARAMETER_LIST),
        ((torch.nn.ParameterDict,), ContainerKind.PARAMETER_DICT),
    ):
        if issubclass(cls, kinds):
            return kind
    return ContainerKind.NONE


def _annotations_of(cls: type[Any]) -> dict[str, Any]:
    """The annotations of the first class in line that has any.

    Python gives a class without annotations an empty dict when somebody asks for them, which changes nothing.
    """
    for base in cls.__mro__:
        found: dict[str, Any] = vars(base).get("__annotations__", {})
        if found:
            return found
    return {}


def _is_quantization_wrapper(module: Module) -> bool:
    """Whether the module is one whose annotations are those of what it wraps."""
    stubs = sys.modules.get("torch.ao.quantization.stubs")
    return stubs is not None and isinstance(module, stubs.QuantWrapper)


def _is_final(annotation: Any) -> bool:
    # torch takes every special form without arguments, such as a bare `Optional`, for `Final`.
    return isinstance(annotation, type(typing.Final)) or typing.get_origin(annotation) is typing.Final
