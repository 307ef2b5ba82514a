"""Types in comments: `# type: (Tensor, int) -> Tensor`, in one line or one for each parameter."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from jitcore.scripting.names import ClosureNames
from jitcore.scripting.python_annotations import PythonAnnotations
from jitcore.scripting.python_positions import PythonPositions
from jitcore.scripting.sources import source_lines
from jitcore.source import Source, SourceError

if TYPE_CHECKING:
    from jitcore.scripting.resolver import PythonResolver
    from jitcore.types import Type

_PREFIX = "# type:"
_IGNORED = re.compile(r"# type: ignore(\[[a-zA-Z-]+\])?$")
_MISSPELT = re.compile(r"#[\t ]*type[\t ]*(?!: ignore(\[.*\])?$):")


class TypeComment:
    """The types of a comment: `parameters` and `result` are expressions that `positions` places.

    `result` is None if the comment does not say what is returned.
    """

    __slots__ = ("parameters", "positions", "result")

    def __init__(
        self, parameters: list[ast.expr], result: ast.expr | None, positions: PythonPositions
    ) -> None:
        self.parameters = parameters
        self.result = result
        self.positions = positions

    def hull(self) -> tuple[int, int] | None:
        """Start and end of all types within the comment; None if it has none."""
        types = [*self.parameters] if self.result is None else [*self.parameters, self.result]
        places = [self.positions.hull(each) for each in types]
        return (min(start for start, _ in places), max(end for _, end in places)) if places else None


def type_line(text: str, where: str = "") -> str | None:
    """The comment that declares the types of a function's text, those of several lines as one; None if none.

    `where` is told in errors.
    """
    if "type" not in text:
        return None
    lines = text.split("\n")
    found = [line for line in lines if _PREFIX in line and not _IGNORED.search(line)]
    if not found:
        for number, line in enumerate(lines):
            if _MISSPELT.search(line):
                raise SourceError(
                    f"The annotation prefix in line {number} is probably invalid. It must be '# type:' (see "
                    "PEP 484, https://www.python.org/dev/peps/pep-0484)",
                    where,
                )
        return None
    if len(found) == 1:
        return found[0].strip()
    parameters: list[str] = []
    for line in found:
        if "# type: (...) -> " in line:
            return line.replace("...", ", ".join(parameters))
        parameters.append(line[line.find(_PREFIX) + len(_PREFIX) :].strip())
    raise SourceError(
        "Return type line '# type: (...) -> ...' not found on multiline type annotation: end the comments "
        "with one",
        where,
    )


def parse_type_line(line: str, where: str = "") -> TypeComment:
    """The expressions in a type comment; their places are those in `line`."""
    start = line.find(_PREFIX) + len(_PREFIX)
    before, arrow, after = line[start:].partition("->")
    result: ast.expr | None = None
    try:
        arguments = _expression(before, line[:start])
        if arrow:
            result = _expression(after, line[: start + len(before) + len(arrow)])
    except SyntaxError:
        raise SourceError("Failed to parse the argument list of a type annotation", where) from None
    parameters = arguments.elts if isinstance(arguments, ast.Tuple) else [arguments]
    return TypeComment(list(parameters), result, PythonPositions(Source(line), 0))


def _expression(text: str, before: str) -> ast.expr:
    """A piece of a line as an expression that knows how far to the right it stands."""
    found = ast.parse(text.strip(), mode="eval").body
    shift = len(before.encode()) + len(text) - len(text.lstrip())
    for part in ast.walk(found):
        if isinstance(part, ast.expr):
            part.col_offset += shift
            part.end_col_offset = (part.end_col_offset or 0) + shift
    return found


def comment_types(function: Callable[..., Any], resolver: PythonResolver) -> tuple[list[Type], Type] | None:
    """Types of the parameters and the result of a function that declares them in a comment.

    `resolver` is that of the function that calls it.
    """
    try:
        lines, first, filename = source_lines(function)
    except SourceError:
        return None
    line = type_line("".join(lines), f"{filename}:{first}")
    if line is None:
        return None
    comment = parse_type_line(line, f"{filename}:{first}")
    if comment.result is None:
        raise SourceError("Syntax error in type annotation (couldn't find `->`)", f"{filename}:{first}")
    annotations = PythonAnnotations(resolver.for_names(ClosureNames(function)), comment.positions)
    return [annotations.type_of(p) for p in comment.parameters], annotations.type_of(comment.result)
