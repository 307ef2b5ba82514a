"""Data classes that only hold values, as named tuples, which a script takes along."""

from __future__ import annotations

import ast
import dataclasses

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.situation import Situation
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    class_named,
    first_line,
    last_line,
    nodes_of,
)


def as_named_tuples(change: Change, tree: ast.Module, situation: Situation) -> Edits:
    """Data classes of the file whose objects a function is given, as named tuples, and parameters that are
    given one with that type."""
    edits = Edits(change.text, tree)
    given = _given(change, situation)
    records = {
        name
        for name in {*given.values(), *_held(change, situation)}
        if (holder := class_named(tree, name)) is not None and _only_holds(tree, holder)
    }
    for name in records:
        holder = class_named(tree, name)
        assert holder is not None
        edits.replace_lines(first_line(holder), holder.lineno, [f"class {name}(NamedTuple):"])
    if records and "NamedTuple" not in change.text:
        imports = [each for each in tree.body if isinstance(each, ast.Import | ast.ImportFrom)]
        edits.insert_lines(last_line(imports[-1]) if imports else 0, ["from typing import NamedTuple"])
    for function in nodes_of(ast.FunctionDef, tree):
        for each in (*function.args.args, *function.args.kwonlyargs):
            name = given.get((function.name, each.arg))
            if name in records and each.annotation is None:
                edits.insert_after(each, f": {name}")
    for holder in (each for each in tree.body if isinstance(each, ast.ClassDef)):
        for attribute, name in _attributes(holder, records):
            # Without it a script takes one for a tuple without names.
            indent = " " * holder.body[0].col_offset
            edits.insert_lines(first_line(holder.body[0]) - 1, [f"{indent}{attribute}: {name}", ""])
    return edits


def _attributes(holder: ast.ClassDef, records: set[str]) -> list[tuple[str, str]]:
    """The attributes that a class gives such an object, as `self.settings = Settings()` or as a parameter
    that is said to be one."""
    said = {called_name(each.target) for each in holder.body if isinstance(each, ast.AnnAssign)}
    found: dict[str, str] = {}
    for function in nodes_of(ast.FunctionDef, holder):
        kinds = {each.arg: called_name(each.annotation) for each in function.args.args if each.annotation}
        for node in nodes_of(ast.Assign, function):
            target, value = node.targets[0], node.value
            made = (
                called_name(value.func) if isinstance(value, ast.Call) else kinds.get(called_name(value), "")
            )
            if isinstance(target, ast.Attribute) and called_name(target.value) == "self" and made in records:
                found[target.attr] = made
    return [(name, kind) for name, kind in found.items() if name not in said]


def _given(change: Change, situation: Situation) -> dict[tuple[str, str], str]:
    """The classes of the data that functions are given, by the names of function and parameter."""
    return {
        (call.code.co_name, name): type(value).__name__
        for (file, _), call in situation.calls.items()
        if file == change.file
        for name, value in call.arguments.items()
        if dataclasses.is_dataclass(value)
    }


def _held(change: Change, situation: Situation) -> set[str]:
    """The classes of the data that objects with a method that ran hold."""
    return {
        type(value).__name__
        for (file, _), call in situation.calls.items()
        if file == change.file
        for value in getattr(call.arguments.get("self"), "__dict__", {}).values()
        if dataclasses.is_dataclass(value)
    }


def _only_holds(tree: ast.Module, holder: ast.ClassDef) -> bool:
    """Whether a data class has nothing but fields with plain defaults, none of which is set later."""
    if holder.bases or holder.keywords or len(holder.decorator_list) != 1:
        return False
    decorator = holder.decorator_list[0]
    named = decorator.func if isinstance(decorator, ast.Call) else decorator
    if called_name(named).rpartition(".")[2] != "dataclass":
        return False
    fields = [each for each in holder.body if isinstance(each, ast.AnnAssign)]
    texts = [each for each in holder.body if isinstance(each, ast.Expr)]
    names = {called_name(each.target) for each in fields}
    is_set = any(
        node.attr in names and isinstance(node.ctx, ast.Store) for node in nodes_of(ast.Attribute, tree)
    )
    is_plain = all(each.value is None or not isinstance(each.value, ast.Call) for each in fields)
    return bool(fields) and len(fields) + len(texts) == len(holder.body) and is_plain and not is_set
