"""Functions, methods, classes and named tuples as callable things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.frontend import building
from jitcore.frontend.call_notes import label, note_call
from jitcore.frontend.sugared.base import SugaredValue
from jitcore.frontend.sugared.special import SpecialForm
from jitcore.ir import Function
from jitcore.ops.custom_classes import NativeStaticMethod
from jitcore.ops.matching import MatchedSchema, NamedValue, match_schema
from jitcore.source import SourceError
from jitcore.types import (
    NO_DEFAULT,
    TENSOR,
    Argument,
    ClassType,
    FunctionSchema,
    FunctionType,
    InterfaceType,
    MethodLike,
    TupleType,
)  # fmt: skip

RECURSIVE = "is called recursively"
"""What is said of a function that is called while it is being compiled."""

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.call_site import CallSite
    from jitcore.ir import Value
    from jitcore.source import SourceRange


def call_function(site: CallSite, function: Function | NativeStaticMethod) -> SugaredValue:
    """Match the arguments and emit a `prim::CallFunction`."""
    at, lowering = site.at, site.lowering
    schema = compiled_schema(at, lowering, function)
    matched = match_schema(schema, lowering.graph, at, site.arguments, site.keywords)
    return emit_function_call(at, lowering, function, matched)


def emit_function_call(
    at: SourceRange, lowering: Lowering, function: Function | NativeStaticMethod, matched: MatchedSchema
) -> SugaredValue:
    """A `prim::CallFunction` with arguments that were matched."""
    graph = lowering.graph
    callee = building.insert(graph, "prim::Constant", (), FunctionType(function.qualified_name, function))
    callee.node.set_attribute("name", function.name)
    result = building.insert(
        graph, "prim::CallFunction", (callee, *matched.inputs), matched.return_types[0], at
    )
    return lowering.simple(result)


def compiled_schema(at: SourceRange, lowering: Lowering, function: MethodLike) -> FunctionSchema:
    """The schema; a function that does not declare what it returns, or is compiled in order, is compiled."""
    if isinstance(function, Function) and (function.is_eager or not function.schema.returns):
        if function.is_compiling:
            what = "function" if function.owner is None else "method"
            raise at.error(f"{what} '{function.name}' {RECURSIVE}. Recursive calls are not supported")
        try:
            function.graph  # noqa: B018  # compiling completes the schema
        except SourceError as error:
            note_call(error, label(function), lowering, at)
            raise
    return function.schema


def emit_method_call(at: SourceRange, lowering: Lowering, name: str, matched: MatchedSchema) -> SugaredValue:
    """A `prim::CallMethod` with arguments that were matched, the object first."""
    result = building.insert(lowering.graph, "prim::CallMethod", matched.inputs, matched.return_types[0], at)
    result.node.set_attribute("name", name)
    return lowering.simple(result)


class FunctionValue(SugaredValue):
    """A function of the program, or one of a class of C++."""

    __slots__ = ("function",)

    def __init__(self, function: Function | NativeStaticMethod) -> None:
        self.function = function

    @property
    def kind(self) -> str:
        return "function"

    def call(self, site: CallSite) -> SugaredValue:
        return call_function(site, self.function)


class MethodValue(SugaredValue):
    """A method bound to an object; the object's type is a class or an interface."""

    __slots__ = ("name", "owner")

    def __init__(self, owner: Value, name: str) -> None:
        self.owner = owner
        self.name = name

    @property
    def kind(self) -> str:
        return "method"

    def call(self, site: CallSite) -> SugaredValue:
        at, lowering = site.at, site.lowering
        graph = lowering.graph
        owner = self.owner.type
        if isinstance(owner, InterfaceType):
            schema = owner.methods[self.name]
        else:
            assert isinstance(owner, ClassType)
            method = owner.methods[self.name]
            if lowering.on_method is not None and isinstance(method, Function):
                lowering.on_method(method)
            schema = compiled_schema(at, lowering, method)
        matched = match_schema(schema, graph, at, (NamedValue(self.owner), *site.arguments), site.keywords)
        return emit_method_call(at, lowering, self.name, matched)


class UnknownMethod(SugaredValue):
    """A method of a class that an extension implements and nothing here knows: it takes and gives
    anything."""

    __slots__ = ("name", "owner")

    def __init__(self, owner: Value, name: str) -> None:
        self.owner = owner
        self.name = name

    @property
    def kind(self) -> str:
        return "method"

    def call(self, site: CallSite) -> SugaredValue:
        at, lowering = site.at, site.lowering
        graph = lowering.graph
        owner = self.owner.type
        assert isinstance(owner, ClassType)
        if not lowering.resolver.accept_unknown(at, f"{owner.qualified_name}.{self.name}"):
            raise at.error(f"'{owner.repr_str}' object has no attribute or method '{self.name}'.")
        inputs = [self.owner, *(a.to_value(graph) for a in (*site.arguments, *site.keywords))]
        node = graph.create("prim::CallMethod", inputs, 0).set_attribute("name", self.name)
        node.source_range = at
        graph.insert(node)
        # A method has one result, which is unpacked where it is a tuple.
        result = lowering.guessed(node, 1)
        if site.binders > 1:
            result.set_type(TupleType((TENSOR,) * site.binders))
        return lowering.simple(result)


class ClassValue(SugaredValue):
    """A class: calling it makes an object and runs `__init__`."""

    __slots__ = ("type",)

    def __init__(self, type: ClassType) -> None:
        self.type = type

    @property
    def kind(self) -> str:
        return str(self.type)

    def attribute(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue:
        hook = lowering.resolver.resolve_hook(self.type, name)
        if hook is not None:
            return FunctionValue(hook)
        static: MethodLike | None = self.type.static_methods.get(name)
        if isinstance(static, Function | NativeStaticMethod):
            return FunctionValue(static)
        if name != "__new__":
            raise at.error(f"Tried to lookup unknown attribute on class {self.type.annotation()}")
        return SpecialForm("prim::CreateObject")

    def call(self, site: CallSite) -> SugaredValue:
        at, lowering = site.at, site.lowering
        created = building.insert(lowering.graph, "prim::CreateObject", (), self.type, at)
        if "__init__" not in self.type.methods:
            raise at.error(f"Class {self.type.name} does not have an __init__ function defined")
        MethodValue(created, "__init__").call(site)
        return lowering.simple(created)


class NamedTupleValue(SugaredValue):
    """A named tuple's class: calling it makes a tuple."""

    __slots__ = ("type",)

    def __init__(self, type: TupleType) -> None:
        self.type = type

    @property
    def kind(self) -> str:
        return str(self.type)

    def call(self, site: CallSite) -> SugaredValue:
        at, lowering = site.at, site.lowering
        matched = match_schema(
            named_tuple_schema(self.type), lowering.graph, at, site.arguments, site.keywords
        )
        made = building.make_tuple(lowering.graph, matched.inputs, self.type)
        made.node.source_range = at
        return lowering.simple(made)


def named_tuple_schema(type: TupleType) -> FunctionSchema:
    """The constructor's schema: one argument a field.

    torch takes a field's place for the length to which one number is repeated where a list is wanted.
    """
    fields = tuple(
        Argument(name, element, type.defaults.get(name, NO_DEFAULT), size=place)
        for place, (name, element) in enumerate(zip(type.field_names or (), type.elements, strict=True))
    )
    return FunctionSchema((type.name or "").rpartition(".")[2], "", fields, ())
