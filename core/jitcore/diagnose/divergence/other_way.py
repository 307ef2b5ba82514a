"""Runs a program with a condition decided as its trace decided it, to tell whether that matters."""

from __future__ import annotations

import ast
import copy
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Final

from jitcore.diagnose.divergence.outcome import difference_of
from jitcore.diagnose.divergence.source_places import Statement, statement_at, tree_of

if TYPE_CHECKING:
    from jitcore.diagnose.divergence.path import Path
    from jitcore.diagnose.divergence.sides import Sides
    from jitcore.diagnose.divergence.trial import Trial
    from jitcore.diagnose.divergence.watch import Spot

_FUTURE: Final = 0x1FF0000
"""Flags of code that tell what a file imports from `__future__`."""


def changes_nothing(sides: Sides, trial: Trial, spot: Spot, traced: Path) -> bool:
    """Whether a program gives in a trial what it gives there when an `if`, that of the jump `spot`, goes the
    way of the trace.

    No where that cannot be tried: where the trace went both ways, for conditions that are no statements, and
    in functions that are made anew in each call.
    """
    code = spot[0]
    if len(set(traced.outcomes.get(spot, []))) != 1:
        return False
    functions = sides.state.functions_of(code)
    found = _if_at(code.co_filename, statement_at(spot))
    if found is None or not functions:
        return False
    went_in = (code.co_filename, found.body[0].lineno) in traced.lines
    decided = _decided(code, found, went_in)
    if decided is None:
        return False
    expected = sides.eager(trial)
    with sides.started(trial, sides.subject.module), _exchanged(functions, decided):
        given = [sides.outcome_of(arguments) for arguments in trial.calls]
    return all(
        one.failed == other.failed and difference_of(one, other) is None
        for one, other in zip(expected, given, strict=False)
    )


def _if_at(file: str, statement: Statement) -> ast.If | None:
    """The `if` whose test is, or holds, what a statement decides."""
    start, end = (statement.line, statement.column), (statement.end_line, statement.end_column)
    tree = tree_of(file)
    for node in () if tree is None else ast.walk(tree):
        if isinstance(node, ast.If) and (
            (node.test.lineno, node.test.col_offset) <= start
            and end <= (node.test.end_lineno or 0, node.test.end_col_offset or 0)
        ):
            # Of a test on the line of its arm it is not known which way was taken.
            return node if node.body[0].lineno > (node.test.end_lineno or 0) else None
    return None


def _decided(code: CodeType, place: ast.If, truth: bool) -> CodeType | None:
    """The code of a function whose `if` asks as it did, and goes one way whatever the answer is."""
    tree = copy.deepcopy(tree_of(code.co_filename))
    if tree is None:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and (node.lineno, node.col_offset) == (place.lineno, place.col_offset):
            asked = ast.Tuple([node.test, ast.Constant(truth)], ast.Load())
            node.test = ast.Subscript(asked, ast.Constant(1), ast.Load())
    ast.fix_missing_locations(tree)
    try:
        made = compile(tree, code.co_filename, "exec", flags=code.co_flags & _FUTURE, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return None
    return next(
        (
            each
            for each in _within(made)
            if (each.co_qualname, each.co_firstlineno, each.co_freevars)
            == (code.co_qualname, code.co_firstlineno, code.co_freevars)
        ),
        None,
    )


def _within(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _within(each)


@contextmanager
def _exchanged(functions: list[FunctionType], code: CodeType) -> Generator[None]:
    """Context in which functions run other code."""
    before = [each.__code__ for each in functions]
    for each in functions:
        each.__code__ = code
    try:
        yield
    finally:
        for each, own in zip(functions, before, strict=True):
            each.__code__ = own
