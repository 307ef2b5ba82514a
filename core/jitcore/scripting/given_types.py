"""Types that parameters without annotations are given from outside of the program."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.scripting.compiled_program import CompiledProgram
    from jitcore.types import Type


class GivenType(ast.Name):
    """An annotation that nobody wrote. Attribute: `given`, the type."""

    given: Type


def annotate_parameters(
    definition: ast.FunctionDef, function: Callable[..., Any], program: CompiledProgram
) -> None:
    """Give parameters without annotations the types that a program knows of a function from examples."""
    types = program.example_types.get(getattr(function, "__code__", None))
    if types is None:
        return
    for parameter in (*definition.args.args, *definition.args.kwonlyargs):
        kind = types.get(parameter.arg)
        if parameter.annotation is None and kind is not None:
            written = ast.copy_location(GivenType(parameter.arg, ast.Load()), parameter)
            written.given = kind
            parameter.annotation = written
