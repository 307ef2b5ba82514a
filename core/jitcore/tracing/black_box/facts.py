"""What is known of an expression of a program before it runs: where it stands, and what it reads."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from jitcore.tracing.black_box.program_text import Span


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression, or several that are looked at as one.

    `literals` are the numbers that are written in it. `names` are the variables that it reads, `attributes`
    the names of the attributes, each with its first place.
    """

    span: Span
    names: tuple[tuple[str, Span], ...]
    attributes: tuple[tuple[str, Span], ...]
    literals: frozenset[float] = frozenset()


def expression_of(node: ast.expr) -> Expression:
    """What is known of an expression."""
    return Expression(span_of(node), *_read_in(node))


def statements_as_expression(statements: list[ast.stmt]) -> Expression:
    """What is known of statements, looked at as one expression."""
    first, last = span_of(statements[0]), span_of(statements[-1])
    whole = first._replace(end_line=last.end_line, end_column=last.end_column)
    return Expression(whole, *_read_in(*statements))


_Places = tuple[tuple[str, Span], ...]


def _read_in(*nodes: ast.AST) -> tuple[_Places, _Places, frozenset[float]]:
    names: dict[str, Span] = {}
    attributes: dict[str, Span] = {}
    literals: set[float] = set()
    for each in (part for node in nodes for part in ast.walk(node)):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            names.setdefault(each.id, span_of(each))
        elif isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Load):
            attributes.setdefault(each.attr, span_of(each))
        elif isinstance(each, ast.Constant) and isinstance(each.value, int | float):
            literals |= {each.value, -each.value}
    return tuple(names.items()), tuple(attributes.items()), frozenset(literals)


def span_of(node: ast.expr | ast.stmt | ast.excepthandler | ast.pattern) -> Span:
    """The place of a part of a program."""
    return Span(
        node.lineno,
        node.col_offset,
        node.lineno if node.end_lineno is None else node.end_lineno,
        node.col_offset if node.end_col_offset is None else node.end_col_offset,
    )


def lines_of(statements: list[ast.stmt]) -> tuple[int, int] | None:
    """First and last line of statements; None if there are none."""
    if not statements:
        return None
    first, last = statements[0], statements[-1]
    return _first_line(first), last.lineno if last.end_lineno is None else last.end_lineno


def _first_line(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)])


def leaves_block(statements: list[ast.stmt]) -> bool:
    """Whether nothing behind statements runs in their block once they have run."""
    return bool(statements) and isinstance(statements[-1], ast.Return | ast.Raise | ast.Break | ast.Continue)


def targets_of(target: ast.expr) -> tuple[list[str], list[str]]:
    """The variables that an assignment sets, and the attributes; of a subscript, what holds it."""
    names: list[str] = []
    attributes: list[str] = []
    for each in _parts(target):
        while isinstance(each, ast.Subscript | ast.Starred):
            each = each.value
        if isinstance(each, ast.Name):
            names.append(each.id)
        elif isinstance(each, ast.Attribute):
            attributes.append(each.attr)
    return names, attributes


def _parts(target: ast.expr) -> list[ast.expr]:
    if isinstance(target, ast.Tuple | ast.List):
        return [part for each in target.elts for part in _parts(each)]
    return [target]
