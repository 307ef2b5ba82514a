"""Types that parameters without annotations are given from outside of the program."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from jitcore.types import Type


def annotate_parameters(definition: ast.FunctionDef, types: Mapping[str, Type]) -> None:
    """Write the types, by the names of parameters, where a definition has none."""
    for parameter in (*definition.args.args, *definition.args.kwonlyargs):
        kind = types.get(parameter.arg)
        if parameter.annotation is None and kind is not None:
            parameter.annotation = _annotation(kind, parameter)


def _annotation(kind: Type, parameter: ast.arg) -> ast.expr:
    written = ast.parse(kind.annotation(), mode="eval").body
    for node in ast.walk(written):
        ast.copy_location(node, parameter)
    return written
