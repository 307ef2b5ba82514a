"""Attributes of the objects of a class as buffers, which a trace reads and writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.rewriting import Rewriter
from jitcore.diagnose.divergence.remedies.state.kept import Kept, is_ring, ways_to_keep
from jitcore.diagnose.divergence.remedies.state.state_rules import StateRules
from jitcore.diagnose.divergence.remedies.syntax import (
    class_named,
    is_attribute_of,
    last_line,
    method_of,
    nodes_of,
)
from jitcore.diagnose.divergence.remedies.uses import shares_lines


@dataclass(frozen=True)
class Buffered:
    """A text in which the attributes `names` of objects of the class `holder` are buffers.

    `owner` is what the object is called where they are read: `self`, or a name of the file.
    """

    text: str
    holder: str
    owner: str
    kept: Mapping[str, Kept]

    @property
    def summary(self) -> str:
        """What is done, and why."""
        names = ", ".join(self.kept)
        return f"keep {names} of {self.holder} in buffers, which a trace reads and writes"


def buffered(
    text: str, tree: ast.Module, name: str, owner: str, values: Mapping[str, Any]
) -> Iterator[Buffered]:
    """The class of a name with buffers for attributes that its methods change, or the functions of the file
    where `owner` is no `self`. `values` are what the attributes came to hold, where that is known."""
    holder = class_named(tree, name)
    made = None if holder is None else method_of(holder, "__init__")
    if holder is None or made is None:
        return
    first = _first_values(made)
    functions = _functions(tree, holder, made, owner)
    changed = [each for each in first if any(each in _written(function, owner) for function in functions)]
    changed += [each for each in first if each not in changed and is_ring(first[each])]
    ways = {
        each: found
        for each in changed
        if (found := ways_to_keep(each, first[each], values.get(each), text, functions))
    }
    if not ways:
        return
    tables = _tables(tree, first, values)
    for kept in _choices(ways):
        for exact in (False, True):
            edited = _edited(
                text, tree, holder, made, functions, StateRules(owner, kept, tables, exact), kept
            )
            if edited is not None:
                yield Buffered(edited, name, owner, kept)


def _tables(tree: ast.Module, first: Mapping[str, ast.expr], values: Mapping[str, Any]) -> frozenset[str]:
    """How lists of numbers are called that are attributes of the object, or names of the file."""
    own = {
        f"self.{name}"
        for name, value in first.items()
        if _is_of_numbers(value) or _holds_numbers(values.get(name))
    }
    named = {
        node.targets[0].id
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and _is_of_numbers(node.value)
    }
    return frozenset(own | named)


def _is_of_numbers(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.List | ast.Tuple)
        and bool(node.elts)
        and all(isinstance(each, ast.Constant) and isinstance(each.value, int | float) for each in node.elts)
    )


def _holds_numbers(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and bool(value)
        and all(isinstance(each, int | float) for each in value)
    )


def _choices(ways: Mapping[str, list[Kept]]) -> Iterator[dict[str, Kept]]:
    """One way for each attribute: the likeliest for all, then for each alone, then the others for all."""
    count = max(map(len, ways.values()))
    together = [{name: each[min(at, len(each) - 1)] for name, each in ways.items()} for at in range(count)]
    yield together[0]
    if len(ways) > 1:
        yield from ({name: value} for name, value in together[0].items())
    yield from together[1:]


def _functions(
    tree: ast.Module, holder: ast.ClassDef, made: ast.FunctionDef, owner: str
) -> list[ast.FunctionDef]:
    if owner == "self":
        return [each for each in holder.body if isinstance(each, ast.FunctionDef) and each is not made]
    inside = set(nodes_of(ast.FunctionDef, holder))
    return [each for each in nodes_of(ast.FunctionDef, tree) if each not in inside]


def _first_values(made: ast.FunctionDef) -> dict[str, ast.expr]:
    """What `__init__` gives to attributes of the object."""
    found: dict[str, ast.expr] = {}
    for node in made.body:
        for target, value in _given(node):
            if is_attribute_of(target, "self") and isinstance(target, ast.Attribute):
                found[target.attr] = value
    return found


def _given(node: ast.stmt) -> list[tuple[ast.expr, ast.expr]]:
    """What a statement gives to what."""
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return [(node.target, node.value)]
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return []
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        return list(zip(target.elts, value.elts, strict=True))
    return [(target, value)]


_CHANGING = ("append", "extend", "clear", "pop", "popleft", "insert")


def _written(function: ast.FunctionDef, owner: str) -> set[str]:
    """Attributes that a function gives a value, or whose list it changes."""
    stored = {
        node.attr
        for node in nodes_of(ast.Attribute, function)
        if is_attribute_of(node, owner) and isinstance(node.ctx, ast.Store)
    }
    changed = {
        node.value.attr
        for node in nodes_of(ast.Attribute, function)
        if node.attr in _CHANGING
        and isinstance(node.value, ast.Attribute)
        and is_attribute_of(node.value, owner)
    }
    return stored | changed


def _edited(
    text: str,
    tree: ast.Module,
    holder: ast.ClassDef,
    made: ast.FunctionDef,
    functions: list[ast.FunctionDef],
    rules: StateRules,
    kept: Mapping[str, Kept],
) -> str | None:
    """The text with buffers; None where the rules make no Python of it."""
    edits = Edits(text, tree)
    _make_module(edits, holder, made)
    if not _register(edits, tree, made, kept):
        return None
    Rewriter(text, tree, rules.rule).apply(edits, [each for one in functions for each in one.body])
    return edits.applied_as_python()


def _make_module(edits: Edits, holder: ast.ClassDef, made: ast.FunctionDef) -> None:
    """A class without bases becomes a module, whose buffers are those of the program."""
    if holder.bases or holder.keywords:
        return
    at = edits.text.index(holder.name, edits.at(holder.lineno, holder.col_offset)) + len(holder.name)
    end = edits.text.index(":", at)
    edits.replace_range(at, end, "(torch.nn.Module)")
    indent = " " * made.body[0].col_offset
    edits.insert_lines(made.body[0].lineno - 1, [f"{indent}super().__init__()"])


def _register(edits: Edits, tree: ast.Module, made: ast.FunctionDef, kept: Mapping[str, Kept]) -> bool:
    """Write the buffers in the place of attributes; False where another statement stands in the same line."""
    for node in made.body:
        indent = " " * node.col_offset
        code: list[str] = []
        for target, value in _given(node):
            name = target.attr if isinstance(target, ast.Attribute) else ""
            if name in kept and is_attribute_of(target, "self"):
                code += [
                    f'{indent}self.register_buffer("{each}", {start})'
                    for each, start in kept[name].buffers.items()
                ]
                code += [f"{indent}{kept[name].longest} = {kept[name].limit}"] if kept[name].limit else []
            else:
                code.append(f"{indent}{edits.source(target)} = {edits.source(value)}")
        if any("register_buffer" in each for each in code):
            if shares_lines(tree, node):
                return False
            edits.replace_lines(node.lineno, last_line(node), code)
    return True
