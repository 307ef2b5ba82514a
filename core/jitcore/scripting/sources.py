"""The source text of a Python function or class, and its syntax tree with the places of its pieces."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from jitcore.scripting.python_positions import PythonPositions
from jitcore.source import Source, SourceError, SourceRange


class MissingSourceError(SourceError):
    """There is no source text of what is to be compiled."""


class ParsedFunction:
    """A function's definition as it stands in its file.

    `positions` places the nodes of `node`, `text` is what the file says, `function` is the Python
    object; None for one that was made up.
    """

    __slots__ = ("function", "node", "positions", "text")

    def __init__(
        self,
        function: Callable[..., Any] | None,
        node: ast.FunctionDef,
        positions: PythonPositions,
        text: str,
    ) -> None:
        self.function = function
        self.node = node
        self.positions = positions
        self.text = text


class ParsedClass:
    """A class's definition as it stands in its file."""

    __slots__ = ("node", "positions")

    def __init__(self, node: ast.ClassDef, positions: PythonPositions) -> None:
        self.node = node
        self.positions = positions


def source_lines(obj: object) -> tuple[list[str], int, str | None]:
    """Lines of the definition of `obj`, the 1-based number of the first one, and the file.

    Raises `SourceError` when there is no source text.
    """
    filename: str | None = None
    try:
        filename = inspect.getsourcefile(obj)  # type: ignore[arg-type]  # anything else raises TypeError
        lines, first = inspect.getsourcelines(obj)  # type: ignore[arg-type]
    except (OSError, TypeError) as error:
        raise MissingSourceError(
            f"Can't get source for {obj}. TorchScript requires source access in order to carry out "
            "compilation, make sure original .py files are available.",
            filename or "",
            raised_as="OSError" if isinstance(error, OSError) else "TypeError",
        ) from error
    return lines, first, filename


def parse_function(function: Callable[..., Any]) -> ParsedFunction:
    """The definition of a Python function; raises `SourceError` for a lambda and for what has no source."""
    lines, first, filename = source_lines(function)
    text = "".join(_aligned(lines))
    node, positions = parsed(text, filename, first)
    if not isinstance(node, ast.FunctionDef):
        raise SourceError(
            f"Expected a single top-level function: {filename}:{first}. A lambda or a generated function "
            "cannot be compiled; write it as a function with `def`.",
            f"{filename}:{first}",
        )
    positions.function_name = function.__name__
    return ParsedFunction(function, node, positions, text)


def parse_class(cls: type) -> ParsedClass:
    """The definition of a Python class."""
    lines, first, filename = source_lines(cls)
    node, positions = parsed("".join(lines), filename, first)
    if not isinstance(node, ast.ClassDef):
        raise SourceError(
            f"Expected class definition of {cls.__name__}", f"{filename}:{first}", raised_as="AssertionError"
        )
    return ParsedClass(node, positions)


def annotation_range(cls: type, name: str) -> SourceRange | None:
    """Where the first class in line that annotates the attribute does so; None where no source says it."""
    for base in cls.__mro__:
        if name not in vars(base).get("__annotations__", {}):
            continue
        try:
            found = parse_class(base)
        except SourceError:
            return None
        for statement in found.node.body:
            if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
                continue
            if statement.target.id == name:
                return found.positions.of(statement.annotation)
    return None


def parsed(text: str, filename: str | None, first: int) -> tuple[ast.stmt, PythonPositions]:
    """The only statement of `text`, which may be indented, and its places; `first` is its 1-based line."""
    source = Source(text, filename, first - 1)
    dedented = textwrap.dedent(text)
    try:
        module = ast.parse(dedented)
    except SyntaxError as error:
        line = first + (error.lineno or 1) - 1
        raise SourceError(
            f"Expected a single top-level function: the text of the definition is no statement of its own "
            f"({error.msg})",
            f"{filename}:{line}",
        ) from None
    if len(module.body) != 1:
        raise SourceError("Expected a single top-level function", f"{filename}:{first}")
    indent = len(text.split("\n", 1)[0]) - len(dedented.split("\n", 1)[0])
    return module.body[0], PythonPositions(source, indent)


def _aligned(lines: Sequence[str]) -> list[str]:
    """The lines with none further left than the `def`: comments and long strings may stand anywhere."""
    for line in lines:
        if line.lstrip().startswith("def"):
            indent = line.split("def")[0]
            break
    else:
        return list(lines)
    if not indent:
        return list(lines)
    return [other if other.startswith(indent) else indent + other for other in lines]
