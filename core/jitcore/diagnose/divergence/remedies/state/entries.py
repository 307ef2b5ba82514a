"""Entries of dicts and lists that are always asked for by the same keys, as attributes of their own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.rewriting import Rewriter
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    class_named,
    is_attribute_of,
    last_line,
    method_of,
)
from jitcore.diagnose.divergence.remedies.uses import attributes_called, is_asked_by_text


def by_entries(text: str, tree: ast.Module, name: str, owner: str) -> str | None:
    """The text in which the class of a name has an attribute for each entry of its containers; None where it
    has none that are used so.

    `self.state["step"] += 1` becomes `self.state_step += 1`, and `"step" in self.state` asks for None.
    """
    edits = Edits(text, tree)
    roots = users_of(tree, name, owner)
    for node, target, value in made_attributes(tree, name):
        first = _entries(value, edits)
        if first is None:
            continue
        keys = _keys(roots, owner, target.attr)
        if keys is None:
            continue
        started = {**dict.fromkeys(keys, "None"), **first}
        if not _are_free(text, [f"{target.attr}_{key}" for key in started]) or _is_used_elsewhere(
            tree, target, roots, owner
        ):
            continue
        indent = " " * node.col_offset
        code = [f"{indent}self.{target.attr}_{key} = {start}" for key, start in started.items()]
        edits.replace_lines(node.lineno, last_line(node), code)
        Rewriter(text, tree, _Entries(owner, target.attr).rule).apply(edits, list(roots))
    return None if edits.are_none else edits.applied_as_python()


def users_of(tree: ast.Module, name: str, owner: str) -> list[ast.stmt]:
    """Where the attributes of a class are asked for: in its other methods, or by an `owner` outside of it."""
    holder = class_named(tree, name)
    if holder is None:
        return []
    if owner == "self":
        made = method_of(holder, "__init__")
        return [each for each in holder.body if each is not made]
    inside = set(map(id, ast.walk(holder)))
    return [each for each in tree.body if id(each) not in inside]


def made_attributes(tree: ast.Module, name: str) -> Iterator[tuple[ast.stmt, ast.Attribute, ast.expr | None]]:
    """The statements by which a class gives its objects attributes, with target and value."""
    holder = class_named(tree, name)
    made = None if holder is None else method_of(holder, "__init__")
    for node in () if made is None else made.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Attribute) and is_attribute_of(target, "self"):
            yield node, target, getattr(node, "value", None)


def _are_free(text: str, names: list[str]) -> bool:
    return not any(re.search(rf"\b{re.escape(name)}\b", text) for name in names)


def _is_used_elsewhere(tree: ast.Module, target: ast.Attribute, roots: list[ast.stmt], owner: str) -> bool:
    """Whether an attribute of that name is asked for where nothing is rewritten."""
    known = {id(target)}
    known |= {id(each) for root in roots for each in ast.walk(root) if _is_it(each, owner, target.attr)}
    return is_asked_by_text(tree, target.attr) or any(
        id(each) not in known for each in attributes_called(tree, target.attr)
    )


def _entries(value: ast.expr | None, edits: Edits) -> dict[str, str] | None:
    """What a container starts with, by the texts of its keys; None where it has others."""
    if isinstance(value, ast.Dict):
        keys = [_key(each) for each in value.keys]
        if any(each is None for each in keys):
            return None
        return {str(key): edits.source(each) for key, each in zip(keys, value.values, strict=True)}
    if isinstance(value, ast.List) and value.elts:
        return {str(at): edits.source(each) for at, each in enumerate(value.elts)}
    if isinstance(value, ast.Call) and called_name(value.func) == "dict" and not value.args:
        return {str(each.arg): edits.source(each.value) for each in value.keywords}
    return None


def _key(node: ast.expr | None) -> str | None:
    """The text by which a key is part of a name; None where it may be another each time."""
    if not isinstance(node, ast.Constant):
        return None
    said = str(node.value)
    if isinstance(node.value, str) and said.isdigit():
        # Another key than the number.
        return None
    return said if said.isidentifier() or said.isdigit() else None


def _keys(roots: list[ast.stmt], owner: str, attribute: str) -> list[str] | None:
    """The keys of all uses of a container; None where it is used in any other way."""
    found: dict[str, None] = {}
    uses = 0
    for node in (each for root in roots for each in ast.walk(root)):
        if _is_it(node, owner, attribute):
            uses += 1
        key = asked_key(node, owner, attribute)
        if key is not None:
            said = _key(key)
            if said is None:
                return None
            found.setdefault(said)
            uses -= 1
    return None if uses or not found else list(found)


def _is_it(node: ast.AST, owner: str, attribute: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == attribute and is_attribute_of(node, owner)


def asked_key(node: ast.AST, owner: str, attribute: str) -> ast.expr | None:
    """The key by which a node asks a container for an entry, or whether it has one."""
    if isinstance(node, ast.Subscript) and _is_it(node.value, owner, attribute):
        return node.slice
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and _is_it(node.comparators[0], owner, attribute):
        return node.left if isinstance(node.ops[0], ast.In | ast.NotIn) else None
    is_got = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get"
    if isinstance(node, ast.Call) and is_got and node.args:
        return node.args[0] if _is_it(node.func.value, owner, attribute) else None  # type: ignore[attr-defined]
    return None


class _Entries:
    """The rule of a rewriter for the entries of one container."""

    def __init__(self, owner: str, attribute: str) -> None:
        self._owner, self._attribute = owner, attribute

    def rule(self, rewriter: Rewriter, node: ast.AST) -> str | None:
        """What stands in the place of a node; None where it stays."""
        key = asked_key(node, self._owner, self._attribute)
        if key is None:
            return None
        name = f"{self._owner}.{self._attribute}_{_key(key)}"
        if isinstance(node, ast.Compare):
            return f"{name} is not None" if isinstance(node.ops[0], ast.In) else f"{name} is None"
        if isinstance(node, ast.Call):
            other = rewriter.source(node.args[1]) if len(node.args) > 1 else "None"
            return f"({name} if {name} is not None else {other})"
        return name
