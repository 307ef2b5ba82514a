"""Definitions and statements as texts may have them: with functions inside functions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, ClassVar

from jitcore.scripting.syntax import Syntax
from jitcore.scripting.type_comments import parse_type_line, type_line
from jitcore.source import SourceError


class TextSyntax(Syntax):
    """Checks and rewrites the definition of a text."""

    __slots__ = ()

    def definition(self, node: ast.FunctionDef, drop_body: bool = False) -> ast.FunctionDef:
        """The definition as lowering takes it; whatever a text cannot have is a RuntimeError in torch."""
        try:
            return super().definition(node, drop_body)
        except SourceError as error:
            error.raised_as = "RuntimeError"
            raise

    def _function(self, node: ast.FunctionDef) -> None:
        """A function inside a function, whose types may stand in a comment."""
        self._take_types_of_comment(node)
        self.definition(node)

    def _take_types_of_comment(self, node: ast.FunctionDef) -> None:
        where = self._where
        at = where.of(node)
        line = type_line(own_lines(where.source.text, node))
        if line is None:
            return
        comment = parse_type_line(line)
        parameters = node.args.args
        if len(comment.parameters) != len(parameters):
            raise at.error(
                f"Number of type annotations ({len(comment.parameters)}) did not match the number of "
                f"function parameters ({len(parameters)})"
            )
        for expression in (*comment.parameters, *([] if comment.result is None else [comment.result])):
            for part in ast.walk(expression):
                where.given[part] = at.start, at.end
        for parameter, kind in zip(parameters, comment.parameters, strict=True):
            parameter.annotation = kind
        node.returns = comment.result

    _STATEMENTS: ClassVar[dict[type[ast.stmt], Callable[..., Any]]] = {
        **Syntax._STATEMENTS, ast.FunctionDef: _function,
    }  # fmt: skip


def own_lines(text: str, node: ast.FunctionDef) -> str:
    """The lines of a definition in a text; those of functions inside it are empty."""
    lines = text.splitlines(keepends=True)
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef) and inner is not node:
            for number in range(inner.lineno - 1, inner.end_lineno or inner.lineno):
                lines[number] = "\n"
    return "".join(lines[node.lineno - 1 : node.end_lineno])
