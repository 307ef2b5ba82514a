"""Choices among things that are no tensors, made among the tensors that are computed with them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.conditions import mask_of
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import free_name, last_line, nodes_of

_SUMMARY: Final = (
    "compute with both and choose among the results with torch.where, which decides in each call"
)


def chosen_later(
    file: str, text: str, tree: ast.Module, functions: list[ast.FunctionDef]
) -> Iterator[Change]:
    """A name that gets one of two things by a condition, and is used once, in functions.

    layer = self.a if x.sum() > 0 else self.b  ->  return torch.where(x.sum() > 0, self.a(x), self.b(x))
    return layer(x)
    """
    for function in functions:
        for node in nodes_of(ast.stmt, function):
            chosen = _chosen(node)
            if chosen is None:
                continue
            name, test, one, other = chosen
            read = [
                each
                for each in nodes_of(ast.Name, function)
                if each.id == name and isinstance(each.ctx, ast.Load) and each.lineno > last_line(node)
            ]
            if len(read) != 1:
                continue
            user = _user(function, read[0])
            if user is None or user.value is None:
                continue
            edits = Edits(text, tree)
            both = [_with(edits, user.value, read[0], each) for each in (one, other)]
            asked = mask_of(edits, test)
            is_next = user.lineno == last_line(node) + 1
            chosen_name = free_name(edits.source(function), "chosen")
            edits.replace(user.value, f"torch.where({asked if is_next else chosen_name}, {', '.join(both)})")
            # What the condition reads may be another thing later.
            kept = [] if is_next else [f"{' ' * node.col_offset}{chosen_name} = {asked}"]
            edits.replace_lines(node.lineno, last_line(node), kept)
            changed = edits.applied_as_python()
            if changed is not None:
                yield Change(_SUMMARY, file, changed)


def _chosen(node: ast.stmt) -> tuple[str, ast.expr, ast.expr, ast.expr] | None:
    """The name that gets one of two values by a condition, the condition, and both."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.IfExp(test=test, body=one, orelse=other)):
            return name, test, one, other
        case ast.If(
            test=test,
            body=[ast.Assign(targets=[ast.Name(id=name)], value=one)],
            orelse=[ast.Assign(targets=[ast.Name(id=same)], value=other)],
        ) if name == same:
            return name, test, one, other
        case _:
            return None


def _user(function: ast.FunctionDef, read: ast.Name) -> ast.Assign | ast.Return | None:
    """The statement that reads a name in what it gives."""
    found = [
        node
        for node in nodes_of(ast.stmt, function)
        if isinstance(node, ast.Assign | ast.Return) and any(each is read for each in ast.walk(node))
    ]
    return found[-1] if found else None


def _with(edits: Edits, whole: ast.expr, read: ast.Name, value: ast.expr) -> str:
    """An expression with a value in the place of a name."""
    first = edits.at(whole.lineno, whole.col_offset)
    start = edits.at(read.lineno, read.col_offset) - first
    source = edits.source(whole)
    return f"{source[:start]}{edits.source(value)}{source[start + len(read.id) :]}"
