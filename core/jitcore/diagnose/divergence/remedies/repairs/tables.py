"""Dicts of a file or a class that nobody changes, as functions that a script compiles."""

from __future__ import annotations

import ast
import math
from typing import Any, Final

import torch

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.situation import annotation_of
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    class_of,
    first_line,
    free_name,
    is_attribute_of,
    nodes_of,
    owner_of,
    top_of,
)

_LONGEST: Final = 64
"""Entries up to which a dict is written as conditions."""


def with_tables(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`TABLE[key]` and `TABLE.get(key, other)` by functions that compare the key with each."""
    edits = Edits(change.text, tree)
    holder = top_of(tree, function.lineno)
    code: dict[str, list[str]] = {}
    for node in nodes_of(ast.expr, function) if holder is not None else ():
        asked = _asked(node)
        found = None if asked is None else _table(tree, function, asked[0])
        if asked is None or found is None:
            continue
        _, key, other = asked
        name, table = found
        kinds = _kinds(table)
        if kinds is None:
            continue
        helper = free_name(change.text, f"_{name.strip('_').lower()}_{'of' if other is None else 'of_or'}")
        code.setdefault(helper, _code(helper, table, kinds, other is not None))
        given = edits.source(key) + ("" if other is None else f", {edits.source(other)}")
        edits.replace(node, f"{helper}({given})")
    for lines in code.values():
        assert holder is not None
        edits.insert_lines(first_line(holder) - 1, lines)
    return edits


def _asked(node: ast.expr) -> tuple[ast.expr, ast.expr, ast.expr | None] | None:
    """The dict that is asked, the key, and what is given where it has none; None for anything else."""
    match node:
        case ast.Subscript(value=held, slice=key, ctx=ast.Load()):
            return held, key, None
        case ast.Call(func=ast.Attribute(value=held, attr="get"), args=[key, other], keywords=[]):
            return held, key, other
        case _:
            return None


def _table(tree: ast.Module, function: ast.FunctionDef, held: ast.expr) -> tuple[str, dict[Any, Any]] | None:
    """The name and the entries of a dict at the top of a file or of a class, which is only read."""
    owner, holder = owner_of(function), class_of(tree, function)
    if isinstance(held, ast.Name):
        name, places = held.id, tree.body
    elif isinstance(held, ast.Attribute) and owner and is_attribute_of(held, owner) and holder is not None:
        # What a class that derives from this one has under the name would be another dict.
        if sum(each.name == holder.name for each in nodes_of(ast.ClassDef, tree)) != 1 or any(
            isinstance(base, ast.Name) and base.id == holder.name
            for each in nodes_of(ast.ClassDef, tree)
            for base in each.bases
        ):
            return None
        name, places = held.attr, holder.body
    else:
        return None
    definitions = [each for each in places if isinstance(each, ast.Assign | ast.AnnAssign)]
    written = [each.value for each in definitions if name in _targets(each)]
    if len(written) != 1 or not isinstance(written[0], ast.Dict) or not _is_only_read(tree, name):
        return None
    keys, values = ([_value_of(each) for each in side] for side in (written[0].keys, written[0].values))
    if not 0 < len(keys) <= _LONGEST or None in keys or None in values:
        return None
    return name, dict(zip(keys, values, strict=True))


def _value_of(node: ast.expr | None) -> Any:
    """A number, a text or an element type that is written in a file; None for anything else."""
    if node is None:
        return None
    name = called_name(node)
    if name.startswith("torch."):
        kind = getattr(torch, name.removeprefix("torch."), None)
        return kind if isinstance(kind, torch.dtype) else None
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError):
        # An expression that is computed.
        return None
    return value if isinstance(value, int | float | str) else None


def _targets(node: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [each.id for each in targets if isinstance(each, ast.Name)]


def _is_only_read(tree: ast.Module, name: str) -> bool:
    """Whether a name is given one value, and all that is done with it is to look a key up."""
    looked_up: set[int] = set()
    for node in nodes_of(ast.expr, tree):
        asked = _asked(node)
        if asked is not None:
            looked_up.add(id(asked[0]))
    named = [
        node
        for node in nodes_of(ast.expr, tree)
        if (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.Attribute) and node.attr == name)
    ]
    stored = [each for each in named if isinstance(getattr(each, "ctx", None), ast.Store)]
    taken = any(node.arg == name for node in nodes_of(ast.arg, tree))
    others = [each for each in named if each not in stored and id(each) not in looked_up]
    return len(stored) == 1 and not others and not taken


def _kinds(table: dict[Any, Any]) -> tuple[str, str] | None:
    """The types of keys and values as a script has them; None where there is no such one, or several."""
    keys, values = ({_kind_of(each) for each in side} for side in (table.keys(), table.values()))
    if len(keys) != 1 or len(values) != 1:
        return None
    key, value = keys.pop(), values.pop()
    return None if key is None or value is None else (key, value)


def _kind_of(value: Any) -> str | None:
    is_text = isinstance(value, int | float | str | torch.dtype)
    if not is_text or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return annotation_of(value)


def _code(name: str, table: dict[Any, Any], kinds: tuple[str, str], has_other: bool) -> list[str]:
    """The lines of a function that finds what a dict holds."""
    key, value = kinds
    code = [f"def {name}(key: {key}{f', other: {value}' if has_other else ''}) -> {value}:"]
    for each, held in table.items():
        code += [f"    if key == {each!r}:", f"        return {held!r}"]
    code.append("    return other" if has_other else "    raise KeyError(str(key))")
    return [*code, "", ""]
