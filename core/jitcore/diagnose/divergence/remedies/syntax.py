"""Finds things in the syntax of a person's file."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

Node = TypeVar("Node", bound=ast.AST)


def nodes_of(kind: type[Node], *roots: ast.AST) -> Iterator[Node]:
    """All nodes of a kind."""
    for root in roots:
        for node in ast.walk(root):
            if isinstance(node, kind):
                yield node


def functions_around(tree: ast.Module, line: int) -> list[ast.FunctionDef]:
    """The functions that hold a line, innermost first."""
    found = [node for node in nodes_of(ast.FunctionDef, tree) if first_line(node) <= line <= last_line(node)]
    return sorted(found, key=lambda node: -node.lineno)


def functions_near(tree: ast.Module, lines: list[int]) -> list[ast.FunctionDef]:
    """The innermost functions that hold some lines, in their order, each with those of the file that it calls
    behind it."""
    found: dict[ast.FunctionDef, None] = {}
    named: dict[str, list[ast.FunctionDef]] = {}
    for node in nodes_of(ast.FunctionDef, tree):
        named.setdefault(node.name, []).append(node)
    for line in lines:
        for function in functions_around(tree, line)[:1]:
            found.setdefault(function)
    for function in list(found)[:1]:
        for call in nodes_of(ast.Call, function):
            for each in named.get(_last_name(call.func), ()):
                found.setdefault(each)
    return list(found)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def class_of(tree: ast.Module, function: ast.FunctionDef) -> ast.ClassDef | None:
    """The class at the top of a file that a function is a method of."""
    return next(
        (node for node in tree.body if isinstance(node, ast.ClassDef) and function in node.body), None
    )


def class_named(tree: ast.Module, name: str) -> ast.ClassDef | None:
    """A class at the top of a file."""
    return next((node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name), None)


def method_of(holder: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    """A method that a class itself defines."""
    found = (node for node in holder.body if isinstance(node, ast.FunctionDef) and node.name == name)
    return next(found, None)


def owner_of(function: ast.FunctionDef) -> str:
    """What a method calls the object that it is a method of; empty for other functions."""
    arguments = function.args.args
    return arguments[0].arg if arguments and arguments[0].arg in ("self", "cls") else ""


def statement_of(body: list[ast.stmt], line: int) -> int | None:
    """Which of some statements holds a line."""
    return next((at for at, each in enumerate(body) if first_line(each) <= line <= last_line(each)), None)


def statement_holding(function: ast.AST, line: int) -> ast.stmt | None:
    """The innermost statement at a line."""
    found = [node for node in nodes_of(ast.stmt, function) if first_line(node) <= line <= last_line(node)]
    return min(found, key=lambda node: (last_line(node) - node.lineno, -node.col_offset), default=None)


def top_of(tree: ast.Module, line: int) -> ast.stmt | None:
    """The statement at the top of a file that holds a line."""
    place = statement_of(tree.body, line)
    return None if place is None else tree.body[place]


def first_line(node: ast.stmt) -> int:
    """The line of a statement, or of the first decorator of a definition."""
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])


def last_line(node: ast.stmt | ast.expr) -> int:
    """The line in which a node ends."""
    return node.end_lineno or node.lineno


def is_attribute_of(node: ast.AST, owner: str) -> bool:
    """Whether a node is an attribute of a variable."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == owner


def names_in(body: Iterable[ast.AST]) -> tuple[set[str], list[str]]:
    """Names that are read, and those that get a value, in order."""
    loaded: set[str] = set()
    stored: dict[str, None] = {}
    for part in body:
        for node in ast.walk(part):
            if isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Load):
                    loaded.add(node.id)
                else:
                    stored.setdefault(node.id)
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                loaded.add(node.target.id)
    return loaded, list(stored)


def called_name(node: ast.expr) -> str:
    """The dotted name of what is called, or looked at; empty where it is none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = called_name(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def globals_of(file: str) -> dict[str, Any]:
    """The names of a file that was executed."""
    for module in list(sys.modules.values()):
        if getattr(module, "__file__", None) == file:
            return vars(module)
    return {}


def free_name(text: str, wanted: str) -> str:
    """A name that a text does not have, which begins with another."""
    name, number = wanted, 2
    while re.search(rf"\b{name}\b", text):
        name, number = f"{wanted}{number}", number + 1
    return name


_LATER: Final = (ast.IfExp, ast.BoolOp, ast.Lambda, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)


def evaluated_later(statement: ast.stmt, node: ast.expr) -> bool:
    """Whether a part of a statement is within what may evaluate it not at all, or several times."""
    return any(
        any(each is node for each in ast.walk(part))
        for part in nodes_of(ast.expr, statement)
        if isinstance(part, _LATER)
    )


def blocks_of(function: ast.FunctionDef) -> list[list[ast.stmt]]:
    """The lists of statements in a function."""
    return [
        block
        for node in ast.walk(function)
        for name in ("body", "orelse")
        if isinstance(block := getattr(node, name, None), list)
    ]


def parsed(text: str) -> ast.Module | None:
    """The syntax of a text; None where it is no Python."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return None
