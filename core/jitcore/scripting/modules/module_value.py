"""A module while code that uses it is compiled: what its attributes mean, calling it, going through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import torch

from jitcore.frontend import building
from jitcore.frontend.sugared.base import SugaredValue
from jitcore.frontend.sugared.builtin import BuiltinFunction
from jitcore.frontend.sugared.call_site import CallSite
from jitcore.frontend.sugared.calls import FunctionValue, MethodValue
from jitcore.frontend.sugared.iterables import SugaredTuple
from jitcore.frontend.sugared.simple import SimpleValue
from jitcore.ir import Function
from jitcore.ops.matching import NamedValue
from jitcore.scripting.modules.containers import (
    DICT_METHODS,
    MODULE_METHODS,
    children_of,
    iteration_method,
    parameters_of,
)
from jitcore.scripting.modules.overloads import OverloadedMethod
from jitcore.scripting.sugared.meanings import meaning
from jitcore.slots.concrete_type import ConcreteType, ContainerKind
from jitcore.types import DEVICE, NONE, ClassType, InterfaceType, TupleType, Type, is_subtype

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.ir import Value
    from jitcore.source import SourceRange


class MethodSource(Protocol):
    """Where a module gets what is compiled only when it is used."""

    def class_attribute(
        self, at: SourceRange, lowering: Lowering, concrete: ConcreteType, owner: Value, name: str
    ) -> SugaredValue | None:
        """A method or static function of the module's Python class; None if there is none of that name.

        A method that was not compiled yet is added to the class type, and None given.
        """
        ...

    def type_of_class(self, kind: ClassType) -> ConcreteType:
        """What is known of a module class."""
        ...


class ModuleValue(SugaredValue):
    """`value` of the graph, which is a module of the type `concrete`."""

    __slots__ = ("concrete", "source", "value")

    def __init__(self, value: Value, concrete: ConcreteType, source: MethodSource) -> None:
        self.value = value
        self.concrete = concrete
        self.source = source

    @property
    def kind(self) -> str:
        return "module"

    def as_value(self, at: SourceRange, lowering: Lowering) -> Value:
        return self.value

    # --- attributes -----------------------------------------------------------------------------

    def attribute(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue:
        found = self._find(at, lowering, name)
        if found is not None:
            return found
        kind = self.concrete.class_type
        accessors = kind.properties.get(name)
        if accessors is not None:
            return MethodValue(self.value, accessors[0]).call(CallSite(at, lowering, ()))
        hint = self.concrete.failed.get(name, "")
        if not hint and name in self.concrete.ignored:
            hint = "attribute was ignored during compilation"
        raise at.error(f"Module '{kind.name}' has no attribute '{name}' {hint}")

    def has_attribute(self, at: SourceRange, lowering: Lowering, name: str) -> bool:
        return self._find(at, lowering, name) is not None

    def _find(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue | None:
        kind = self.concrete.type
        if not isinstance(kind, ClassType):
            return SimpleValue(self.value).attribute(at, lowering, name)
        slot = kind.attribute_type(name)
        if isinstance(slot, ClassType | InterfaceType) and slot.is_module:
            return self.submodule(lowering, name)
        if slot is not None or name in kind.methods:
            return SimpleValue(self.value).attribute(at, lowering, name)
        if name in kind.constants:
            # The value of the instance: of a device or dtype the class has what archives write.
            return _constant(self.concrete.constants.get(name, kind.constants[name]), at, lowering)
        if name in MODULE_METHODS or (name in DICT_METHODS and self.concrete.container is ContainerKind.DICT):
            return iteration_method(at, lowering, self, name)
        return self._held(name) or self._of_class(at, lowering, name)

    def _held(self, name: str) -> SugaredValue | None:
        """Overloaded methods, functions and operators."""
        overloads = self.concrete.overloads.get(name)
        if overloads:
            return OverloadedMethod(self.value, overloads)
        function = self.concrete.functions.get(name)
        if function is not None:
            return FunctionValue(function[1])
        operator = self.concrete.operators.get(name)
        return None if operator is None else BuiltinFunction(operator)

    def _of_class(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue | None:
        found = self.source.class_attribute(at, lowering, self.concrete, self.value, name)
        if found is None and name in self.concrete.class_type.methods:
            return SimpleValue(self.value).attribute(at, lowering, name)
        return found

    def submodule(self, lowering: Lowering, name: str) -> ModuleValue:
        """The submodule in the slot `name`."""
        value = building.get_attribute(lowering.graph, self.value, name)
        concrete = self.concrete.submodules.get(name)
        if concrete is None:
            kind = value.type
            assert isinstance(kind, ClassType)
            concrete = self.source.type_of_class(kind)
        return ModuleValue(value, concrete, self.source)

    def set_attribute(self, at: SourceRange, lowering: Lowering, name: str, value: Value) -> None:
        SimpleValue(self.value).set_attribute(at, lowering, name, value)

    # --- calling --------------------------------------------------------------------------------

    def call(self, site: CallSite) -> SugaredValue:
        kind = self.concrete.type
        if not isinstance(kind, ClassType) or not (kind.forward_hooks or kind.forward_pre_hooks):
            forward = self.attribute(site.at, site.lowering, "forward")
            return forward.call(site)
        return self._call_with_hooks(site, kind)

    def _call_with_hooks(self, site: CallSite, kind: ClassType) -> SugaredValue:
        """What forward gets goes through the pre-hooks as one tuple, what it gives through the hooks."""
        at, lowering = site.at, site.lowering
        graph = lowering.graph
        own = NamedValue(self.value)
        given = building.make_tuple(graph, [a.to_value(graph) for a in site.arguments])
        for name in kind.forward_pre_hooks:
            hook = FunctionValue(_hook(kind, name))
            changed = hook.call(site.with_arguments((own, NamedValue(given))))
            result = changed.as_value(at, lowering)
            if result.type is not NONE:
                is_tuple = isinstance(result.type, TupleType)
                given = result if is_tuple else building.make_tuple(graph, (result,))
        if kind.forward_pre_hooks:
            unpacked = graph.insert(graph.create("prim::TupleUnpack", (given,), 0))
            outputs = [unpacked.add_output(part) for part in given.type.parts]
            if site.arguments:
                site = site.with_arguments([NamedValue(value) for value in outputs])
        forward = self.attribute(at, lowering, "forward")
        output = forward.call(site).as_value(at, lowering)
        for name in kind.forward_hooks:
            hook = FunctionValue(_hook(kind, name))
            changed = hook.call(site.with_arguments((own, NamedValue(given), NamedValue(output))))
            result = changed.as_value(at, lowering)
            if result.type is not NONE:
                output = result
        return SimpleValue(output)

    # --- going through --------------------------------------------------------------------------

    def iterate(self, at: SourceRange, lowering: Lowering) -> SugaredValue:
        match self.concrete.container:
            case ContainerKind.LIST:
                return children_of(self, lowering).values
            case ContainerKind.DICT:
                return children_of(self, lowering).keys
            case ContainerKind.PARAMETER_LIST:
                return parameters_of(self, lowering).values
            case _:
                raise at.error(
                    "Only constant Sequential, ModuleList, ModuleDict, or ParameterList can be used as an "
                    "iterable"
                )

    def sliceable(self, at: SourceRange, lowering: Lowering) -> Value:
        return self._modules(at, lowering).as_value(at, lowering)

    def _modules(self, at: SourceRange, lowering: Lowering) -> SugaredTuple:
        if self.concrete.container is not ContainerKind.LIST:
            raise at.error("Only ModuleList or Sequential modules can be used as tuple")
        return children_of(self, lowering).values

    def item(
        self, at: SourceRange, lowering: Lowering, index: Value, hint: Type | None = None
    ) -> SugaredValue:
        match self.concrete.container:
            case ContainerKind.LIST:
                if hint is not None:
                    return self._item_of_type(at, lowering, index, hint)
                return children_of(self, lowering).values.item(at, lowering, index)
            case ContainerKind.PARAMETER_LIST:
                return parameters_of(self, lowering).values.item(at, lowering, index)
            case ContainerKind.DICT | ContainerKind.PARAMETER_DICT:
                return self._item_by_name(at, lowering, index, hint)
            case ContainerKind.NONE:
                raise at.error(
                    "Only ModuleList, Sequential, ModuleDict, ParameterList, and ParameterDict modules are "
                    "subscriptable"
                )

    def _item_by_name(
        self, at: SourceRange, lowering: Lowering, index: Value, hint: Type | None
    ) -> SugaredValue:
        is_constant, key = building.constant_of(index)
        is_parameters = self.concrete.container is ContainerKind.PARAMETER_DICT
        if is_constant and isinstance(key, str):
            parts = parameters_of(self, lowering) if is_parameters else children_of(self, lowering)
            found = parts.named(key)
            if found is None:
                raise at.error(f"Key Error, {key}")
            return found
        if hint is not None and not is_parameters:
            return self._item_of_type(at, lowering, index, hint)
        raise at.error(
            "Unable to extract string literal index. ModuleDict indexing is only supported with string "
            "literals. For example, 'i = \"a\"; self.layers[i](x)' will fail because i is not a literal. "
            "Enumeration of ModuleDict is supported, e.g. 'for k, v in self.items(): out = v(inp)'"
        )

    def _item_of_type(self, at: SourceRange, lowering: Lowering, index: Value, hint: Type) -> SugaredValue:
        """A module that is chosen while the program runs: each has to be what the annotation says."""
        for name, attribute in self.concrete.class_type.attributes.items():
            kind = attribute.type
            is_module = isinstance(kind, ClassType | InterfaceType) and kind.is_module
            if is_module and not is_subtype(kind, hint):
                raise at.error(
                    f"Attribute {name} is not of annotated type {hint.annotation()}: {kind.annotation()} is "
                    "not compatible with it"
                )
        return SimpleValue(
            building.insert(lowering.graph, "prim::ModuleContainerIndex", (self.value, index), hint)
        )


def _hook(kind: ClassType, name: str) -> Function:
    found = kind.hooks[name]
    assert isinstance(found, Function)
    return found


def _constant(value: object, at: SourceRange, lowering: Lowering) -> SugaredValue:
    if isinstance(value, torch.device):
        return SimpleValue(lowering.constant(str(value), DEVICE, at))
    return meaning(value, at, lowering, is_constant=True)
