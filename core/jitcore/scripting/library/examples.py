"""Types of parameters from examples of arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch

from jitcore.ir import Function, ScriptObject
from jitcore.scripting.functions import FunctionDefinition
from jitcore.scripting.given_types import annotate_parameters
from jitcore.scripting.library.inferred_types import InferenceError, inferred_type
from jitcore.scripting.modules import compiler_of
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
    annotate_parameters(parsed.node, types)
    resolver = PythonResolver(unit, ClosureNames(function))
    made = FunctionDefinition(parsed, function).declare(unit, qualified_name(function), resolver)
    made.graph  # noqa: B018  # what a name leads to is compiled at once
    return made


def compile_module_with_examples(module: torch.nn.Module, examples: Any) -> ScriptObject:
    """Compile a module whose methods have parameters without annotations.

    `examples` are those of its `forward`, or by modules and methods those of each of them. Raises `JitError`.
    """
    calls: Mapping[Any, Any] = examples if isinstance(examples, Mapping) else {module: examples}
    unit = shared_unit()
    for called, given in calls.items():
        method = called.forward if isinstance(called, torch.nn.Module) else called
        unit.example_types[getattr(method, "__func__", method)] = types_of_examples(method, given)
    try:
        return compiler_of(unit).compile(module)
    finally:
        unit.example_types.clear()
