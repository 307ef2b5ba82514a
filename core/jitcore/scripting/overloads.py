"""Functions with overloads: one implementation, compiled for each of several signatures."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jitcore.scripting.names import ClosureNames
from jitcore.scripting.qualified_names import qualified_name
from jitcore.scripting.resolver import PythonResolver
from jitcore.scripting.signatures import Declaration, defaults_of
from jitcore.scripting.sources import parse_function, parsed
from jitcore.scripting.torch_names import TORCH
from jitcore.source import SourceError

if TYPE_CHECKING:
    from jitcore.ir import Function
    from jitcore.scripting.python_positions import PythonPositions
    from jitcore.scripting.unit import CompilationUnit

_DECORATORS = ("_overload", "torch._jit_internal._overload", "torch.jit._overload")


def compile_overloads(unit: CompilationUnit, function: Callable[..., Any]) -> list[Function]:
    """One function for each overload that was declared before `function`; empty if there is none."""
    from jitcore.scripting.functions import FunctionDefinition

    declarations = _declarations(function)
    if not declarations:
        return []
    name = qualified_name(function)
    defaults = defaults_of(function)
    made: list[Function] = []
    for node, positions, text in declarations:
        definition = FunctionDefinition(parse_function(function), function)
        resolver = PythonResolver(unit, ClosureNames(function))
        declared = definition.declare(
            unit, name, resolver, None, defaults, Declaration(node, positions, text)
        )
        declared.graph  # noqa: B018  # compiled in the order of the overloads
        made.append(declared)
    return made


Declared = tuple[ast.FunctionDef, "PythonPositions", str]


def _declarations(function: Callable[..., Any]) -> list[Declared]:
    registered = TORCH._jit_internal._overloaded_fns.get(qualified_name(function))
    if registered is not None:
        if any(one is function for one in registered):
            raise SourceError(
                f'Implementation for the function "{qualified_name(function)}" is missing. Please make sure '
                "a definition is provided and defined after all overload declarations."
            )
        found: list[Declared] = []
        for one in registered:
            definition = parse_function(one)
            found.append((definition.node, definition.positions, definition.text))
        return found
    # torch forgets overloads when it has compiled them; the file still has them.
    code = getattr(function, "__code__", None)
    if code is None or "<locals>" in function.__qualname__:
        return []
    return [d for line, d in _overloads_in(code.co_filename).get(function.__name__, ())
            if line < code.co_firstlineno]  # fmt: skip


@cache
def _overloads_in(filename: str) -> dict[str, list[tuple[int, Declared]]]:
    """The overload declarations at the top of a file, by name, with their lines."""
    found: dict[str, list[tuple[int, Declared]]] = {}
    try:
        text = Path(filename).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return found
    if "_overload" not in text:
        return found
    lines = text.splitlines(keepends=True)
    for node in ast.parse(text).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        if any(ast.unparse(decorator) in _DECORATORS for decorator in node.decorator_list):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            piece = "".join(lines[first - 1 : node.end_lineno])
            definition, positions = parsed(piece, filename, first)
            assert isinstance(definition, ast.FunctionDef)
            found.setdefault(node.name, []).append((first, (definition, positions, piece)))
    return found
