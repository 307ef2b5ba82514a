"""The sugared value that is a value of the IR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.frontend import building
from jitcore.frontend.sugared.base import SugaredValue
from jitcore.frontend.sugared.builtin import BuiltinFunction, TensorCast
from jitcore.frontend.sugared.call_site import CallSite
from jitcore.frontend.sugared.calls import MethodValue, UnknownMethod, call_function
from jitcore.frontend.sugared.iterables import SugaredTuple
from jitcore.frontend.sugared.special import SpecialForm
from jitcore.frontend.sugared.tensor_properties import CASTS, PROPERTIES
from jitcore.ir import Function, Graph
from jitcore.ops import custom_classes
from jitcore.ops.matching import NamedValue
from jitcore.types import (
    INT,
    STRING,
    TENSOR,
    AwaitType,
    ClassType,
    DictType,
    EnumType,
    FunctionSchema,
    InterfaceType,
    ListType,
    TensorType,
    TupleType,
    Type,
    is_subtype,
)  # fmt: skip

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.ir import Value
    from jitcore.source import SourceRange


class SimpleValue(SugaredValue):
    """A first-class value."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    @property
    def kind(self) -> str:
        return f"value of type '{self.value.type.annotation()}'"

    def as_value(self, at: SourceRange, lowering: Lowering) -> Value:
        return self.value

    def has_attribute(self, at: SourceRange, lowering: Lowering, name: str) -> bool:
        owner = self.value.type
        if isinstance(owner, TupleType) and owner.field_names is not None:
            return name in owner.field_names
        if not isinstance(owner, ClassType):
            words = "a object or NamedTuple, but got a normal Tuple"
            if not isinstance(owner, TupleType):
                words = "an object or NamedTuple, got"
            raise at.error(f"hasattr's first argument must be {words} {owner.repr_str} instead")
        return name in owner.methods or name in owner.attributes or name in owner.constants

    def attribute(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue:
        value = self.value
        owner = value.type
        if isinstance(owner, AwaitType):
            # What is awaited is waited for where something of it is read.
            result = lowering.builtin(at, "prim::awaitable_wait", (NamedValue(value),))
            return SimpleValue(result).attribute(at, lowering, name)
        if name in CASTS and is_subtype(owner, TENSOR):
            return TensorCast(CASTS[name], NamedValue(value, "self", at))
        namespace = PROPERTIES.get(owner.kind, {}).get(name)
        if namespace is not None:
            return SimpleValue(lowering.builtin(None, f"{namespace}::{name}", (NamedValue(value),)))
        found = self._member(at, lowering, name)
        if found is not None:
            return found
        # `x.type(t)` is the operator `to`.
        for operator in ("aten::to", "aten::type") if name == "type" else (f"aten::{name}",):
            builtin = BuiltinFunction.for_method(operator, NamedValue(value, "self", at))
            if builtin is not None:
                return builtin
        if is_subtype(owner, TENSOR):
            if name == "tolist":
                return SpecialForm("prim::tolist")
            if name == "__getitem__":
                return SpecialForm("aten::index")
        message = f"'{owner.repr_str}' object has no attribute or method '{name}'."
        if isinstance(owner, ClassType) and name in owner.class_attributes:
            message += (
                f" '{name}' is defined as a class attribute which currently is not supported. Consider "
                "converting this to an instance attribute."
            )
        elif isinstance(owner, ClassType):
            message += " Did you forget to initialize an attribute in __init__()?"
        raise at.error(message)

    def _member(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue | None:
        value = self.value
        owner = value.type
        if isinstance(owner, ClassType):
            if not owner.methods and custom_classes.is_known(owner.qualified_name):
                # What a method gives is known by its name only until somebody uses it.
                custom_classes.complete_class(owner.qualified_name)
            if name in owner.methods:
                return MethodValue(value, name)
            if name in owner.attributes:
                return SimpleValue(building.get_attribute(lowering.graph, value, name))
            accessors = owner.properties.get(name)
            if accessors is not None:
                return MethodValue(value, accessors[0]).call(CallSite(at, lowering, ()))
            if custom_classes.is_custom(owner.qualified_name) and not owner.methods:
                return UnknownMethod(value, name)
        elif isinstance(owner, TupleType):
            if owner.field_names is not None and name in owner.field_names:
                place = owner.field_names.index(name)
                index = lowering.constant(place, INT)
                return SimpleValue(building.tuple_index(lowering.graph, value, index, owner.elements[place]))
        elif isinstance(owner, InterfaceType):
            if name in owner.methods:
                return MethodValue(value, name)
        elif isinstance(owner, EnumType):
            if name == "name":
                return SimpleValue(building.insert(lowering.graph, "prim::EnumName", (value,), STRING))
            if name == "value":
                return SimpleValue(
                    building.insert(lowering.graph, "prim::EnumValue", (value,), owner.value_type)
                )
        return None

    def set_attribute(self, at: SourceRange, lowering: Lowering, name: str, value: Value) -> None:
        owner = self.value.type
        if not isinstance(owner, ClassType):
            raise at.error(f"Tried to set an attribute: {name} on a non-class: {owner.repr_str}")
        expected = owner.attribute_type(name)
        if expected is None:
            expected = lowering.attribute_declared_by(at, owner, name, value)
        if expected is None:
            accessors = owner.properties.get(name)
            if accessors is None:
                raise at.error(
                    f"Tried to set nonexistent attribute: {name}. Did you forget to initialize it in "
                    "__init__()?"
                )
            if accessors[1] is None:
                raise at.error(f"Tried to set read-only attribute: {name}")
            MethodValue(self.value, accessors[1]).call(CallSite(at, lowering, (NamedValue(value),)))
            return
        if not is_subtype(value.type, expected):
            raise at.error(
                f"Wrong type for attribute assignment. Expected {expected.repr_str} but got "
                f"{value.type.repr_str}"
            )
        node = lowering.graph.create("prim::SetAttr", (self.value, value), 0)
        lowering.graph.insert(node.set_attribute("name", name))

    def as_tuple(
        self, at: SourceRange, lowering: Lowering, size_hint: int | None = None
    ) -> list[SugaredValue]:
        kind = self.value.type
        if isinstance(kind, TupleType):
            return [SimpleValue(v) for v in building.tuple_unpack(lowering.graph, self.value)]
        if isinstance(kind, ListType):
            if size_hint is None:
                raise at.error("cannot statically infer the expected size of a list in this context")
            node = lowering.graph.insert(lowering.graph.create("prim::ListUnpack", (self.value,), 0))
            return [SimpleValue(node.add_output(kind.element)) for _ in range(size_hint)]
        if kind.kind == "AnyTupleType":
            raise at.error(
                "Provided tuple is not fully defined/refined including its element types, please provide "
                "a value of "
                "type like Tuple[int, int]"
            )
        raise at.error(f"{kind.repr_str} cannot be used as a tuple")

    def call(self, site: CallSite) -> SugaredValue:
        closure = self._closure()
        if closure is not None:
            graph, context = closure
            # Tuples are only simplified within a block, so the context is packed again where it is used.
            packed = building.make_tuple(site.lowering.graph, context.node.inputs)
            function = Function("anon", FunctionSchema("anon", "", (), ()), graph)
            return call_function(site.with_first(NamedValue(packed)), function)
        if isinstance(self.value.type, ClassType):
            return self.attribute(site.at, site.lowering, "__call__").call(site)
        return super().call(site)

    def _closure(self) -> tuple[Graph, Value] | None:
        node = self.value.node
        if node.kind != "prim::TupleConstruct" or len(node.inputs) != 2:
            return None
        inner = node.inputs[0].node
        subgraph = inner.attributes.get("Subgraph")
        if inner.kind != "prim::Closure" or not isinstance(subgraph, Graph):
            return None
        return subgraph, node.inputs[1]

    def length(self, at: SourceRange, lowering: Lowering) -> Value:
        kind = self.value.type
        if isinstance(kind, ListType) or kind is STRING or is_subtype(kind, TENSOR):
            return lowering.builtin(at, "aten::len", (NamedValue(self.value),))
        raise at.error(f"'{kind.repr_str}' object is not iterable")

    def item(
        self, at: SourceRange, lowering: Lowering, index: Value, hint: Type | None = None
    ) -> SugaredValue:
        value = self.value
        kind = value.type
        if isinstance(kind, ListType | DictType) or kind is STRING:
            return SimpleValue(
                lowering.builtin(at, "aten::__getitem__", (NamedValue(value), NamedValue(index)))
            )
        if is_subtype(kind, TENSOR):
            dimension = NamedValue.of_constant(0, INT)
            return SimpleValue(
                lowering.builtin(at, "aten::select", (NamedValue(value), dimension, NamedValue(index)))
            )
        if isinstance(kind, ClassType):
            if kind.is_module and hint is not None:
                found = building.insert(
                    lowering.graph, "prim::ModuleContainerIndex", (value, index), hint, at
                )
                return SimpleValue(found)
            method = self.attribute(at, lowering, "__getitem__")
            return method.call(CallSite(at, lowering, (NamedValue(index),)))
        raise at.error(f"'{kind.repr_str}' object is not subscriptable")

    def iterate(self, at: SourceRange, lowering: Lowering) -> SugaredValue:
        kind = self.value.type
        if isinstance(kind, ListType | TensorType) or kind is STRING:
            return self
        if isinstance(kind, DictType):
            return SimpleValue(lowering.builtin(at, "aten::keys", (NamedValue(self.value),)))
        if isinstance(kind, TupleType):
            return SugaredTuple([SimpleValue(v) for v in building.tuple_unpack(lowering.graph, self.value)])
        raise at.error(f"'{kind.repr_str}' object is not iterable")
