"""Dicts that make what they lack, which no script has, as plain ones."""

from __future__ import annotations

import ast
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.situation import Situation, annotation_of
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    evaluated_later,
    nodes_of,
    statement_holding,
)

_EMPTY: Final = {"list": "[]", "int": "0", "float": "0.0"}
"""What a factory gives, as it is written."""


def without_factories(
    change: Change, tree: ast.Module, function: ast.FunctionDef, situation: Situation
) -> Edits:
    """`groups = defaultdict(list)` as a dict that is given an empty list for a key before one is appended to
    it; `counts = defaultdict(int)` and `counts[key] += 1` by what it holds so far."""
    edits = Edits(change.text, tree)
    for node in nodes_of(ast.Assign, function):
        empty = _empty_of(node.value)
        name = called_name(node.targets[0])
        kind = _kind_of(change, situation, function, name)
        if not name or empty is None or kind is None:
            continue
        edits.replace_span(node.targets[0], node.value, f"{name}: {kind} = {{}}")
        for used in nodes_of(ast.Subscript, function):
            if called_name(used.value) == name:
                _fill_before(edits, function, used, empty)
    return edits


def _empty_of(value: ast.expr) -> str | None:
    """What the dict gives for a key that it lacks; None for what is no such dict."""
    if not isinstance(value, ast.Call) or value.keywords:
        return None
    made = called_name(value.func).rpartition(".")[2]
    if made == "Counter" and not value.args:
        return "0"
    is_made = made == "defaultdict" and len(value.args) == 1
    return _EMPTY.get(called_name(value.args[0])) if is_made else None


def _kind_of(change: Change, situation: Situation, function: ast.FunctionDef, name: str) -> str | None:
    """The type of a dict by what it held when the function ended."""
    for (file, _), call in situation.calls.items():
        is_it = call.code.co_name == function.name or function.name.endswith("_scripted")
        held = call.variables.get(name) if file == change.file and is_it else None
        if isinstance(held, dict):
            return annotation_of(dict(held))
    return None


def _fill_before(edits: Edits, function: ast.FunctionDef, used: ast.Subscript, empty: str) -> None:
    """Give a key that is looked up its first value, before the statement that does so."""
    statement = statement_holding(function, used.lineno)
    if not isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr | ast.AnnAssign | ast.Return):
        return
    if not evaluated_later(statement, used):
        indent = " " * statement.col_offset
        name, key = edits.source(used.value), edits.source(used.slice)
        if isinstance(used.ctx, ast.Load) or isinstance(statement, ast.AugAssign):
            lines = [f"{indent}if {key} not in {name}:", f"{indent}    {name}[{key}] = {empty}"]
            edits.insert_lines(statement.lineno - 1, lines)
