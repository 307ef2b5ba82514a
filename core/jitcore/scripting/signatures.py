"""Schemas of Python functions and methods."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from jitcore.scripting.python_annotations import PythonAnnotations
from jitcore.scripting.type_comments import TypeComment, parse_type_line, type_line
from jitcore.source import SourceError
from jitcore.types import NO_DEFAULT, Argument, ClassType, FunctionSchema, InterfaceType, Type

if TYPE_CHECKING:
    from jitcore.scripting.python_positions import PythonPositions
    from jitcore.scripting.resolver import PythonResolver


def defaults_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Default values by parameter."""
    code = getattr(function, "__code__", None)
    if code is not None and not hasattr(function, "__wrapped__") and not hasattr(function, "__signature__"):
        values = function.__defaults__ or ()
        names = code.co_varnames[code.co_argcount - len(values) : code.co_argcount]
        return {**dict(zip(names, values, strict=True)), **(function.__kwdefaults__ or {})}
    return {
        name: parameter.default
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is not inspect.Parameter.empty
    }


class Declaration:
    """What a definition declares: its parameters, their annotations, and a type comment if it has one.

    With `drops_wrong_defaults` a parameter has no default if its default is not of its type, as an overload
    has the defaults of the implementation.
    """

    __slots__ = ("comment", "drops_wrong_defaults", "node", "positions")

    def __init__(
        self,
        node: ast.FunctionDef,
        positions: PythonPositions,
        text: str,
        drops_wrong_defaults: bool = False,
    ) -> None:
        self.node = node
        self.drops_wrong_defaults = drops_wrong_defaults
        self.positions = positions
        at = positions.of(node).file_line_col()
        where = f"{at[0]}:{at[1]}" if at else ""
        line = type_line(text, where)
        self.comment: TypeComment | None = None if line is None else parse_type_line(line, where)

    def take_places_of_comment(self, is_method: bool) -> None:
        """Widen the definition by the types in its comment, as far as they belong to it."""
        if self.comment is None:
            return
        given = self.node.args
        expected = len(given.args) + len(given.kwonlyargs) - (1 if is_method else 0)
        types = self.comment.hull()
        if types is not None and len(self.comment.parameters) == expected:
            self.positions.widen_by_comment(self.node, types)

    @property
    def says_types(self) -> bool:
        """Whether there is an annotation, or a comment instead."""
        given = self.node.args
        parameters = (*given.args, *given.kwonlyargs)
        annotated = self.node.returns is not None or any(p.annotation is not None for p in parameters)
        return annotated or self.comment is not None

    def schema(
        self,
        name: str,
        resolver: PythonResolver,
        annotations: PythonAnnotations,
        owner: ClassType | InterfaceType | None = None,
    ) -> FunctionSchema:
        """The schema without defaults; the first parameter of a method is of type `owner`."""
        node = self.node
        parameters = [*node.args.args, *node.args.kwonlyargs]
        written = [parameter.annotation for parameter in parameters]
        result, reader = node.returns, annotations
        if self.comment is not None:
            written, result, reader = self._from_comment(parameters, resolver, owner is not None)
        arguments: list[Argument] = []
        for place, (parameter, annotation) in enumerate(zip(parameters, written, strict=True)):
            if place == 0 and owner is not None:
                arguments.append(Argument(parameter.arg, owner))
                continue
            kind, size = reader.parameter_type(annotation)
            is_keyword_only = place >= len(node.args.args)
            arguments.append(Argument(parameter.arg, kind, NO_DEFAULT, is_keyword_only, size))
        if owner is not None and not arguments:
            raise self.positions.of(node).error("methods must have a self argument")
        returns = () if result is None else (Argument("", reader.type_of(result)),)
        return FunctionSchema(name, "", tuple(arguments), returns)

    def with_defaults(
        self, schema: FunctionSchema, resolver: PythonResolver, defaults: Mapping[str, Any]
    ) -> FunctionSchema:
        """The schema with its defaults, which TorchScript adds, and checks, when the body is compiled."""
        if not defaults:
            return schema
        arguments: list[Argument] = []
        for argument in schema.arguments:
            name, kind, size = argument.name, argument.type, argument.size
            if name in defaults and not isinstance(kind, ClassType):
                value = self._default(resolver, defaults[name], name, kind, size)
                argument = Argument(name, kind, value, argument.kwarg_only, size)
            arguments.append(argument)
        return FunctionSchema(schema.name, schema.overload, tuple(arguments), schema.returns)

    def _default(
        self, resolver: PythonResolver, default: Any, name: str, kind: Type, size: int | None
    ) -> object:
        at = self.positions.of(self.node)
        if _is_mutable(default):
            raise at.error(
                "Mutable default parameters are not supported because Python binds them to the function and "
                "they persist across function calls.\n As a workaround, make the default None and "
                "instantiate the default parameter within the body of the function. Found "
                f"{type(default)} on parameter {name}"
            )
        try:
            return resolver.compiler.constants.converted(default, kind, size, at)
        except SourceError:
            if self.drops_wrong_defaults:
                return NO_DEFAULT
            raise at.error(
                f'Expected a default value of type {kind.repr_str} on parameter "{name}".'
                + _missing_optional(default, kind)
            ) from None

    def _from_comment(
        self, parameters: list[ast.arg], resolver: PythonResolver, is_method: bool
    ) -> tuple[list[ast.expr | None], ast.expr | None, PythonAnnotations]:
        comment = self.comment
        assert comment is not None
        written: list[ast.expr | None] = list(comment.parameters)
        expected = len(parameters) - (1 if is_method else 0)
        if len(written) != expected:
            raise self.positions.declaration(self.node).error(
                f"Number of type annotations ({len(written)}) did not match the number of "
                f"{'method' if is_method else 'function'} parameters ({expected})"
            )
        if is_method:
            written.insert(0, None)
        return written, comment.result, PythonAnnotations(resolver, comment.positions)


def _missing_optional(default: object, kind: Type) -> str:
    if default is not None:
        return ""
    return f" Declare it as Optional[{kind.annotation()}], which None belongs to."


def _is_mutable(default: object) -> bool:
    if isinstance(default, tuple):
        return any(_is_mutable(part) for part in cast("tuple[object, ...]", default))
    return isinstance(default, list | dict | set)
