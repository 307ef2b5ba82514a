"""Functions with overloads: one implementation, compiled for each of several signatures."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from jitcore.scripting.functions import FunctionDefinition
from jitcore.scripting.names import ClosureNames, FrameNames
from jitcore.scripting.resolver import PythonResolver
from jitcore.scripting.signatures import Declaration, defaults_of
from jitcore.scripting.sources import parse_function, parsed
from jitcore.slots.qualified_names import qualified_name
from jitcore.slots.torch_names import TORCH
from jitcore.source import SourceError

if TYPE_CHECKING:
    from jitcore.ir import Function
    from jitcore.scripting.compiler import ScriptCompiler
    from jitcore.scripting.python_positions import PythonPositions

Declared = tuple[ast.FunctionDef, "PythonPositions", str]
"""The definition of an overload, its places and its text."""


def waiting_overloads(
    function: Callable[..., Any], used: Collection[Callable[..., Any]]
) -> list[Callable[..., Any]]:
    """The overloads of the name of a function that wait for an implementation: all that were not `used`.

    torch forgets those that it has compiled.
    """
    registered: list[Callable[..., Any]] = TORCH._jit_internal._overloaded_fns.get(
        qualified_name(function), []
    )
    return [each for each in registered if each not in used]


def compile_waiting(
    compiler: ScriptCompiler, function: Callable[..., Any], overloads: Sequence[Callable[..., Any]]
) -> list[Function]:
    """`function` compiled for each of the overloads. Raises `SourceError`."""
    if any(overload is function for overload in overloads):
        raise SourceError(
            f'Implementation for the function "{qualified_name(function)}" is missing. Please make sure a '
            "definition is provided and defined after all overload declarations."
        )
    defaults = defaults_of(function)
    declarations: list[Declared] = []
    for overload in overloads:
        definition = parse_function(overload)
        for name, value in defaults_of(overload).items():
            if name not in defaults or defaults[name] != value:
                raise definition.positions.of(definition.node).error(
                    "Default parameters on overloads do not affect the runtime so they must equal to the "
                    f"default parameter on the implementation function. Found on parameter {name}",
                    "FrontendError",
                )
        declarations.append((definition.node, definition.positions, definition.text))
    return _compile(compiler, function, declarations)


def compile_written(
    compiler: ScriptCompiler, function: Callable[..., Any], waiting: Sequence[Callable[..., Any]]
) -> list[Function]:
    """`function` compiled for each overload that its file declares before it and that torch has compiled.

    Those that are `waiting` are left out.
    """
    return _compile(compiler, function, written_before(function, waiting))


def _compile(
    compiler: ScriptCompiler, function: Callable[..., Any], declarations: Sequence[Declared]
) -> list[Function]:
    if not declarations:
        return []
    name = qualified_name(function)
    defaults = defaults_of(function)
    made: list[Function] = []
    for node, positions, text in declarations:
        definition = FunctionDefinition(parse_function(function), function)
        _add_missing_parameters(node, definition.parsed.node, positions, defaults)
        resolver = PythonResolver(compiler, ClosureNames(function))
        declared = definition.declare(
            compiler,
            name,
            resolver,
            None,
            defaults,
            Declaration(node, positions, text, drops_wrong_defaults=True),
        )
        declared.graph  # noqa: B018  # compiled in the order of the overloads
        made.append(declared)
    return made


def _add_missing_parameters(
    overload: ast.FunctionDef,
    implementation: ast.FunctionDef,
    positions: PythonPositions,
    defaults: dict[str, Any],
) -> None:
    """An overload has the parameters that it does not declare from the implementation."""
    for parameter in implementation.args.args[len(overload.args.args) :]:
        name = parameter.arg
        if name not in defaults:
            raise positions.of(overload).error(
                f"Expected to find default parameter on argument {name} because it is not defined on the "
                "overloaded declaration"
            )
        if parameter.annotation is None:
            raise positions.of(overload).error(
                "Parameters not specified on the overloaded declaration must have a type annotation in the "
                f"implementation function. Did not find type for param {name}"
            )
        overload.args.args.append(parameter)


def written_before(function: Callable[..., Any], but: Sequence[Callable[..., Any]] = ()) -> list[Declared]:
    """The overloads that stand before a function in its file, without some of them."""
    code = getattr(function, "__code__", None)
    if code is None:
        return []
    of_the_name = _functions_of(code.co_filename).get(function.__qualname__, ())
    left_out = {each.__code__.co_firstlineno for each in but if each.__code__.co_filename == code.co_filename}
    before = [each for each in of_the_name if each.line < code.co_firstlineno]
    # What stands before another function of the name is of that one.
    own = takewhile(lambda each: each.marks_overload(function.__globals__), reversed(before))
    return [each.declared() for each in own if each.line not in left_out][::-1]


class _Written:
    """A function as it stands in its file: its first line, its decorators and its definition."""

    __slots__ = ("_decorators", "_filename", "_text", "line")

    def __init__(self, node: ast.FunctionDef, lines: list[str], filename: str) -> None:
        self._decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
        self._filename = filename
        self.line = min([node.lineno, *(d.lineno for d in node.decorator_list)])
        self._text = "".join(lines[self.line - 1 : node.end_lineno])

    def declared(self) -> Declared:
        """The definition, its places and its text."""
        definition, positions = parsed(self._text, self._filename, self.line)
        assert isinstance(definition, ast.FunctionDef)
        return definition, positions, self._text

    def marks_overload(self, scope: Mapping[str, Any]) -> bool:
        """Whether one of the decorators is torch's for overloads."""
        names = FrameNames({}, scope)
        marker = TORCH._jit_internal._overload
        return any(names.find_dotted(decorator) is marker for decorator in self._decorators)


@cache
def _functions_of(filename: str) -> dict[str, list[_Written]]:
    """The functions of a file that declares overloads, by qualified name in the order of their lines."""
    found: dict[str, list[_Written]] = {}
    # Python's own copy: it is what was executed, where the file was changed since.
    text = "".join(linecache.getlines(filename))
    if "overload" not in text:
        return found
    lines = text.splitlines(keepends=True)
    for name, node in _functions_in(ast.parse(text).body, ""):
        found.setdefault(name, []).append(_Written(node, lines, filename))
    return found


def _functions_in(statements: Sequence[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions and their qualified names, those included that are only defined under a condition."""
    for statement in statements:
        if isinstance(statement, ast.FunctionDef):
            yield prefix + statement.name, statement
            yield from _functions_in(statement.body, f"{prefix}{statement.name}.<locals>.")
        elif isinstance(statement, ast.ClassDef):
            yield from _functions_in(statement.body, f"{prefix}{statement.name}.")
        elif isinstance(statement, ast.If):
            if ast.unparse(statement.test) not in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
                yield from _functions_in(statement.body, prefix)
            yield from _functions_in(statement.orelse, prefix)
        elif isinstance(statement, ast.With):
            yield from _functions_in(statement.body, prefix)
