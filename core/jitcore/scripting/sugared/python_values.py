"""Calls of Python functions that are not compiled."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import torch

from jitcore.frontend import building
from jitcore.frontend.sugared.base import SugaredValue
from jitcore.ops.matching import NamedValue, match_schema
from jitcore.printing.graph_text import PYTHON_FUNCTION
from jitcore.scripting import markers
from jitcore.scripting.names import ClosureNames
from jitcore.scripting.sources import source_lines
from jitcore.scripting.sugared.meanings import resolver_of
from jitcore.scripting.type_comments import comment_types
from jitcore.source import SourceError
from jitcore.types import NONE, STRING, TENSOR, Argument, FunctionSchema, TupleType, Type

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.call_site import CallSite
    from jitcore.ir import Value
    from jitcore.source import SourceRange

_DROPPED = "This Python function is annotated to be ignored and cannot be run"


class PythonValue(SugaredValue):
    """A Python object that is nothing to TorchScript but can perhaps be called; `owner` is its `self`."""

    __slots__ = ("obj", "owner")

    def __init__(self, obj: Any, owner: Value | None = None) -> None:
        self.obj = obj
        self.owner = owner

    @property
    def kind(self) -> str:
        return f"python value of type '{type(self.obj).__name__}'"

    def as_value(self, at: SourceRange, lowering: Lowering) -> Value:
        raise at.error(
            f"{self.kind} cannot be used as a value. Perhaps it is a closed over global variable? If so, "
            "please consider passing it in as an argument or use a local variable instead."
        )

    def as_tuple(
        self, at: SourceRange, lowering: Lowering, size_hint: int | None = None
    ) -> list[SugaredValue]:
        raise at.error(f"{self.kind} cannot be used as a tuple{self._hint()}")

    def attribute(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue:
        raise at.error(f"attribute lookup is not defined on {self.kind}{self._hint()}")

    def _hint(self) -> str:
        if isinstance(self.obj, torch.nn.ModuleList | torch.nn.Sequential):
            return ". Did you forget to add it to __constants__? "
        return ""

    def call(self, site: CallSite) -> SugaredValue:
        at, lowering = site.at, site.lowering
        graph = lowering.graph
        given = list(site.arguments) if self.owner is None else [NamedValue(self.owner), *site.arguments]
        schema = self._schema(at, lowering, len(given), site.binders)
        for argument in given:
            argument.to_value(graph)
        matched = match_schema(schema, graph, at, given, site.keywords)
        result = matched.return_types[0]
        if markers.is_dropped(self.obj):
            message = lowering.constant(_DROPPED, STRING)
            lowering.builtin(at, "prim::RaiseException", (NamedValue(message),), binders=0)
            return lowering.simple(graph.insert(building.uninitialized(graph, result)).outputs[0])
        called = building.insert(graph, f"^{self._printed_name}", matched.inputs, result, at)
        called.node.set_attribute(PYTHON_FUNCTION, self.obj)
        return lowering.simple(called)

    @property
    def _printed_name(self) -> str:
        owner = getattr(self.obj, "__self__", None)
        if isinstance(owner, type) and issubclass(owner, torch.autograd.Function):
            # `apply` goes by the name of what it applies.
            return owner.__name__
        return getattr(self.obj, "__name__", "<python_value>")

    def _schema(self, at: SourceRange, lowering: Lowering, count: int, binders: int) -> FunctionSchema:
        self._check(at)
        function = self.obj
        names = _parameter_names(function, count)
        types = self._types(at, lowering)
        arguments: list[Argument] = []
        if self.owner is not None:
            if not names:
                raise at.error("Non-static method does not have a self argument")
            arguments.append(Argument(names.pop(0), self.owner.type))
        if types is None:
            arguments += [Argument(name, TENSOR) for name in names]
            result: Type = TENSOR
            if binders == 0:
                result = NONE
            elif binders > 1:
                result = TupleType((TENSOR,) * binders)
        else:
            parameters, result = types
            if len(parameters) != len(names):
                raise at.error(
                    f"the parameters of {function!r} cannot be told: call it in a function of its own that "
                    "is marked with ignore"
                )
            arguments += [Argument(name, kind) for name, kind in zip(names, parameters, strict=False)]
        name = getattr(function, "__qualname__", getattr(function, "__name__", ""))
        return FunctionSchema(
            name, "", tuple(arguments), (Argument("0", result),), is_vararg=_takes_any_number(function)
        )

    def _check(self, at: SourceRange) -> None:
        """Refuse what Python could not call, and to instantiate a class that is no script class."""
        if not callable(self.obj):
            raise at.error(f"{self.obj!r} is not a callable object: call a function", "TypeError")
        try:
            lines, _, _ = source_lines(self.obj)
        except SourceError:
            return
        if isinstance(self.obj, type) and lines:
            raise at.error(f"Cannot instantiate class '{self.obj.__name__}' in a script function")

    def _types(self, at: SourceRange, lowering: Lowering) -> tuple[list[Type], Type] | None:
        resolver = resolver_of(lowering)
        types = resolver.compiler.types
        function = self.obj
        try:
            signature = inspect.signature(function)
        except (ValueError, TypeError):
            return None
        parameters = list(signature.parameters.values())
        annotations = [p.annotation for p in parameters]
        if any(a is not inspect.Signature.empty for a in (*annotations, signature.return_annotation)):
            names = ClosureNames(function) if hasattr(function, "__globals__") else None
            kinds = [types.type_of(a, at, names) for a in annotations]
            result = types.type_of(signature.return_annotation, at, names)
        else:
            declared = comment_types(function, resolver)
            if declared is None:
                return None
            return declared
        return (kinds if self.owner is None else kinds[1:]), result


def _parameter_names(function: Any, count: int) -> list[str]:
    if not inspect.isroutine(function) and inspect.isroutine(getattr(function, "__call__", None)):  # noqa: B004
        function = getattr(function, "__call__")  # noqa: B004, B009
    if not (inspect.isfunction(function) or inspect.ismethod(function)):
        return [str(place) for place in range(count)]
    return list(inspect.getfullargspec(inspect.unwrap(function)).args)


def _takes_any_number(function: Any) -> bool:
    if not (inspect.isfunction(function) or inspect.ismethod(function)):
        function = getattr(function, "__call__", None)  # noqa: B004
    if not (inspect.isfunction(function) or inspect.ismethod(function)):
        return False
    return inspect.getfullargspec(function).varargs is not None
