"""Numbers that depend on nothing that is given, computed once by Python instead of by the script."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.situation import Situation, annotation_of
from jitcore.diagnose.divergence.remedies.syntax import (
    class_of,
    first_line,
    free_name,
    functions_around,
    last_line,
    method_of,
    nodes_of,
    owner_of,
    top_of,
)


def computed_once(
    file: str, text: str, tree: ast.Module, line: int, situation: Situation
) -> Iterator[Change]:
    """Expressions in the function around a line that are made of constants and of what a module was made
    with: in a module computed in its `__init__`, in a function as the default of a parameter."""
    functions = functions_around(tree, line)
    if not functions:
        return
    function = functions[0]
    holder = class_of(tree, function)
    owner = owner_of(function)
    call = situation.calls.get((file, first_line(function)))
    fixed = _fixed(tree, function)
    for node in _outermost(function, line, owner, fixed):
        if holder is not None and owner == "self":
            yield from _in_init(file, text, tree, holder, function, node)
        elif holder is None and function in tree.body and call is not None:
            yield from _as_default(file, text, tree, function, node, situation)


def _fixed(tree: ast.Module, function: ast.FunctionDef) -> set[str]:
    """Names that mean the same in all calls: what the file defines, and what Python has."""
    own = {each.arg for each in [*function.args.args, *function.args.kwonlyargs]}
    own |= {node.id for node in nodes_of(ast.Name, function) if isinstance(node.ctx, ast.Store)}
    named = {node.id for node in nodes_of(ast.Name, tree) if isinstance(node.ctx, ast.Load)}
    return named - own


_WORK: Final = (ast.Call, ast.BinOp, ast.Compare, ast.IfExp, ast.Subscript, ast.JoinedStr)


def _outermost(function: ast.FunctionDef, line: int, owner: str, fixed: set[str]) -> Iterator[ast.expr]:
    """The largest expressions that depend on nothing that is given, those at the line before others."""
    found: list[ast.expr] = []

    def visit(node: ast.AST) -> None:
        if isinstance(node, _WORK) and _is_fixed(node, owner, fixed):
            found.append(node)
            return
        for each in ast.iter_child_nodes(node):
            visit(each)

    for each in function.body:
        visit(each)
    yield from sorted(found, key=lambda each: not each.lineno <= line <= last_line(each))


def _is_fixed(node: ast.expr, owner: str, fixed: set[str]) -> bool:
    if any(isinstance(each, ast.Lambda | ast.ListComp | ast.GeneratorExp) for each in ast.walk(node)):
        return False
    names = {each.id for each in nodes_of(ast.Name, node)}
    return all(name in fixed or (owner and name == owner) for name in names)


def _in_init(
    file: str, text: str, tree: ast.Module, holder: ast.ClassDef, function: ast.FunctionDef, node: ast.expr
) -> Iterator[Change]:
    made = method_of(holder, "__init__")
    if made is None or function is made:
        return
    edits = Edits(text, tree)
    source = edits.source(node)
    if "self" not in source and not isinstance(node, ast.Call | ast.BinOp):
        return
    name = free_name(text, f"{_stem(node)}_once")
    indent = " " * made.body[-1].col_offset
    edits.insert_lines(last_line(made.body[-1]), [f"{indent}self.{name} = {source}"])
    edits.replace(node, f"self.{name}")
    yield Change(f"compute '{source}' once in Python, where {holder.name} is made", file, edits.applied())


def _as_default(
    file: str, text: str, tree: ast.Module, function: ast.FunctionDef, node: ast.expr, situation: Situation
) -> Iterator[Change]:
    arguments = function.args
    if (
        arguments.vararg is not None
        or arguments.kwarg is not None
        or arguments.kwonlyargs
        or not arguments.args
    ):
        return
    edits = Edits(text, tree)
    source = edits.source(node)
    called = node.func if isinstance(node, ast.Call) else None
    helper = next(
        (
            each
            for (where, _), each in situation.calls.items()
            if where == file and isinstance(called, ast.Name) and each.code.co_name == called.id
        ),
        None,
    )
    kinds = [annotation_of(helper.returned)] if helper is not None else ["float", "int"]
    holder = top_of(tree, function.lineno)
    if holder is None or not _is_defined_before(tree, node, first_line(holder)):
        return
    for kind in kinds:
        if kind is None:
            continue
        edits = Edits(text, tree)
        name = free_name(text, f"{_stem(node)}_once")
        last = arguments.defaults[-1] if arguments.defaults else arguments.args[-1]
        edits.insert_after(last, f", {name}: {kind} = {source}")
        edits.replace(node, name)
        yield Change(
            f"compute '{source}' once in Python, as the default of a parameter", file, edits.applied()
        )


def _is_defined_before(tree: ast.Module, node: ast.expr, line: int) -> bool:
    """Whether all that an expression names is there where a function is defined."""
    later = {
        each.name
        for each in tree.body
        if isinstance(each, ast.FunctionDef | ast.ClassDef) and each.lineno >= line
    }
    return not later & {each.id for each in nodes_of(ast.Name, node)}


def _stem(node: ast.expr) -> str:
    """A word for what an expression gives."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            return node.func.attr.strip("_") or "value"
        if isinstance(node.func, ast.Name):
            return node.func.id.strip("_") or "value"
    return "value"
