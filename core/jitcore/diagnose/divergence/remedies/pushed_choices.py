"""Choices among things that are no tensors, made among the tensors that are computed with them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.conditions import mask_of
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import blocks_of, free_name, last_line, nodes_of
from jitcore.diagnose.divergence.remedies.uses import shares_lines

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
                if each.id == name and isinstance(each.ctx, ast.Load)
            ]
            if len(read) != 1 or shares_lines(tree, node) or not _is_chosen_once(function, node, name):
                continue
            user = _user(function, node, read[0], (one, other))
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


def _is_chosen_once(function: ast.FunctionDef, choice: ast.stmt, name: str) -> bool:
    """Whether a name of a function gets its value by one choice, and nowhere else."""
    within = set(map(id, ast.walk(choice)))
    is_given = any(
        node.id == name and not isinstance(node.ctx, ast.Load) and id(node) not in within
        for node in nodes_of(ast.Name, function)
    )
    is_taken = any(node.arg == name for node in nodes_of(ast.arg, function))
    stated = nodes_of(ast.Global | ast.Nonlocal, function)  # type: ignore[arg-type]
    return not is_given and not is_taken and not any(name in node.names for node in stated)


def _user(
    function: ast.FunctionDef, choice: ast.stmt, read: ast.Name, both: tuple[ast.expr, ast.expr]
) -> ast.Assign | ast.Return | None:
    """The statement that reads a name in what it gives, in the block of the choice and behind it; None where
    what is chosen among may be something else there."""
    block = next((each for each in blocks_of(function) if choice in each), [])
    later = block[block.index(choice) + 1 :] if block else []
    place = next((at for at, each in enumerate(later) if any(part is read for part in ast.walk(each))), None)
    if place is None:
        return None
    user, between = later[place], later[:place]
    if not isinstance(user, ast.Assign | ast.Return) or any(True for _ in nodes_of(ast.Lambda, user)):
        return None
    changed = {_last_name(node) for each in between for node in ast.walk(each) if _is_changed(node)}
    used = {_last_name(node) for each in both for node in ast.walk(each)} - {""}
    is_computed = any(isinstance(node, ast.Call) for each in both for node in ast.walk(each))
    return None if used & changed or (between and is_computed) else user


def _is_changed(node: ast.AST) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Store | ast.Del)


def _last_name(node: ast.AST) -> str:
    """The name of a variable or an attribute, or that which a place is of."""
    if isinstance(node, ast.Subscript):
        return _last_name(node.value)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _with(edits: Edits, whole: ast.expr, read: ast.Name, value: ast.expr) -> str:
    """An expression with a value in the place of a name."""
    first = edits.at(whole.lineno, whole.col_offset)
    start = edits.at(read.lineno, read.col_offset) - first
    source = edits.source(whole)
    return f"{source[:start]}{edits.source(value)}{source[start + len(read.id) :]}"
