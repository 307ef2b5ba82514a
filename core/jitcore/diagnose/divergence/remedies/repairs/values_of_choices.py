"""`or` between numbers, which gives one of them in Python and a truth in a script."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import first_line, nodes_of, top_of


def with_numbers_chosen(change: Change, tree: ast.Module) -> Iterator[Edits]:
    """`n or 1` by a function that gives the first number unless that is zero, for whole numbers and for
    fractions."""
    for kind in ("int", "float"):
        edits = Edits(change.text, tree)
        holders: dict[int, ast.stmt] = {}
        for function in nodes_of(ast.FunctionDef, tree):
            decided = {id(part) for each in _tests(function) for part in ast.walk(each)}
            for node in nodes_of(ast.BoolOp, function):
                is_number = isinstance(node.op, ast.Or) and len(node.values) == 2
                # What is evaluated in any case then is a number that is written, nothing that may fail.
                if id(node) in decided or not is_number or not _is_number(node.values[1], kind):
                    continue
                one, other = (edits.source(each) for each in node.values)
                edits.replace(node, f"_{kind}_or({one}, {other})")
                decided |= {id(part) for part in ast.walk(node)}
                holder = top_of(tree, function.lineno)
                if holder is not None:
                    holders.setdefault(first_line(holder), holder)
        if holders and f"def _{kind}_or(" not in change.text:
            code = [f"def _{kind}_or(one: {kind}, other: {kind}) -> {kind}:"]
            code += ["    return one if one else other", "", ""]
            edits.insert_lines(min(holders) - 1, code)
        yield edits


def _is_number(node: ast.expr, kind: str) -> bool:
    return isinstance(node, ast.Constant) and type(node.value).__name__ == kind


def _tests(function: ast.FunctionDef) -> Iterator[ast.expr]:
    """What is asked for its truth alone."""
    for node in ast.walk(function):
        if isinstance(node, _ASKING):
            yield node.test
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node.operand
        elif isinstance(node, ast.comprehension):
            yield from node.ifs


_ASKING: Final = (ast.If, ast.While, ast.IfExp, ast.Assert)
