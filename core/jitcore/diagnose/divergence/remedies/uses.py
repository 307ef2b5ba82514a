"""Uses of names elsewhere in a file, which tell whether a change of one place leaves others as they were."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from jitcore.diagnose.divergence.remedies.syntax import called_name, last_line, nodes_of


def has_plain_parameters(function: ast.FunctionDef) -> bool:
    """Whether all parameters of a function are given by place or name: none by only one of them, no stars."""
    arguments = function.args
    others = (*arguments.posonlyargs, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    return not any(each is not None for each in others)


def is_only_called(tree: ast.Module, name: str) -> bool:
    """Whether a function at the top of a file is only ever called by its name, and the name is of nothing
    else."""
    called = {id(call.func) for call in nodes_of(ast.Call, tree)}
    named = [node for node in nodes_of(ast.Name, tree) if node.id == name]
    defined = [
        node
        for node in nodes_of(ast.AST, tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) and node.name == name
    ]
    is_taken = any(node.arg == name for node in nodes_of(ast.arg, tree))
    return all(id(node) in called for node in named) and len(defined) == 1 and not is_taken


def attributes_called(tree: ast.AST, name: str) -> Iterator[ast.Attribute]:
    """All attributes of a name, of whatever object."""
    return (node for node in nodes_of(ast.Attribute, tree) if node.attr == name)


def is_asked_by_text(tree: ast.AST, name: str) -> bool:
    """Whether an attribute is read or written by `getattr` and the like with its name as a text."""
    return any(
        isinstance(each, ast.Constant) and each.value == name
        for call in nodes_of(ast.Call, tree)
        if called_name(call.func) in ("getattr", "setattr", "hasattr", "delattr")
        for each in call.args
    )


def shares_lines(tree: ast.Module, node: ast.stmt) -> bool:
    """Whether something else than parts of a statement stands in its lines: another statement, or the head of
    one that holds it."""
    own = set(map(id, ast.walk(node)))
    for each in nodes_of(ast.stmt, tree):
        if id(each) in own:
            continue
        is_around = any(part is node for part in ast.walk(each))
        touches = each.lineno <= last_line(node) and node.lineno <= last_line(each)
        if touches and (not is_around or each.lineno == node.lineno):
            return True
    return False
