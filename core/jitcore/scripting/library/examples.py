"""Types of parameters from examples of arguments."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jitcore.ir import Function
from jitcore.scripting.functions import FunctionDefinition
from jitcore.scripting.library.inferred_types import InferenceError, inferred_type
from jitcore.scripting.names import ClosureNames
from jitcore.scripting.qualified_names import qualified_name
from jitcore.scripting.resolver import PythonResolver
from jitcore.scripting.sources import parse_function
from jitcore.scripting.unit import shared_unit
from jitcore.source import JitError
from jitcore.types import Type, make_union


def types_of_examples(function: Callable[..., Any], examples: Iterable[tuple[Any, ...]]) -> dict[str, Type]:
    """The types that parameters have in calls with the examples; several types of one make a union."""
    found: dict[str, list[Type]] = {}
    signature = inspect.signature(function)
    for example in examples:
        for name, value in signature.bind(*example).arguments.items():
            try:
                kind = inferred_type(value)
            except InferenceError as error:
                raise JitError(f"The type of an example of '{name}' cannot be told: {error}") from None
            if kind not in found.setdefault(name, []):
                found[name].append(kind)
    return {name: kinds[0] if len(kinds) == 1 else make_union(kinds) for name, kinds in found.items()}


def compile_with_types(function: Callable[..., Any], types: Mapping[str, Type]) -> Function:
    """Compile a function whose parameters without annotations have the types given."""
    unit = shared_unit()
    parsed = parse_function(function)
    for parameter in (*parsed.node.args.args, *parsed.node.args.kwonlyargs):
        kind = types.get(parameter.arg)
        if parameter.annotation is None and kind is not None:
            parameter.annotation = _annotation(kind, parameter)
    resolver = PythonResolver(unit, ClosureNames(function))
    made = FunctionDefinition(parsed, function).declare(unit, qualified_name(function), resolver)
    made.graph  # noqa: B018  # what a name leads to is compiled at once
    return made


def _annotation(kind: Type, parameter: ast.arg) -> ast.expr:
    written = ast.parse(kind.annotation(), mode="eval").body
    for node in ast.walk(written):
        ast.copy_location(node, parameter)
    return written
