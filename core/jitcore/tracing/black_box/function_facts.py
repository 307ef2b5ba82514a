"""What is known of a function of a program before it runs."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitcore.tracing.black_box.facts import span_of

if TYPE_CHECKING:
    from jitcore.tracing.black_box.program_text import Span

Function = ast.FunctionDef | ast.AsyncFunctionDef


def declared_in(node: Function) -> frozenset[str]:
    """Variables that a function says are not its own."""
    return frozenset(
        name for each in ast.walk(node) if isinstance(each, ast.Global | ast.Nonlocal) for name in each.names
    )


def own_variables(node: Function) -> frozenset[str]:
    """The variables of a function that are its own."""
    arguments = node.args
    given = (
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    )
    names = {each.arg for each in given if each is not None}
    names.update(
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    )
    return frozenset(names) - declared_in(node)


def kept_defaults(arguments: ast.arguments) -> frozenset[str]:
    """Parameters whose default is a list or its like, which all calls share."""
    by_place = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(by_place[len(by_place) - len(arguments.defaults) :], arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return frozenset(
        each.arg for each, default in pairs if isinstance(default, ast.List | ast.Dict | ast.Set | ast.Call)
    )


def _is_none(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def last_return(node: Function) -> Span | None:
    """Where a function returns last, or else its first statement."""
    returns = [each for each in ast.walk(node) if isinstance(each, ast.Return) and each.value is not None]
    # What gives nothing is no result, where anything else is.
    returns = [each for each in returns if not _is_none(each.value)] or returns
    last = max(returns, key=lambda each: each.lineno, default=None)
    return span_of(node.body[0]) if last is None or last.value is None else span_of(last.value)
