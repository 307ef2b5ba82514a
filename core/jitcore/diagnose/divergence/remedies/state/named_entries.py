"""Entries of a dict whose keys are variables, as attributes that have these keys in their names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.rewriting import Rewriter
from jitcore.diagnose.divergence.remedies.state.entries import asked_key, made_attributes, users_of
from jitcore.diagnose.divergence.remedies.syntax import (
    is_attribute_of,
    last_line,
    nodes_of,
)


@dataclass(frozen=True)
class NamedEntries:
    """A text in which an entry of the dict `attribute` of `owner` is an attribute with a number in its name.

    Attributes: `keys`, the expressions that the numbers stand for; `known`, the keys that are there.
    """

    text: str
    owner: str
    attribute: str
    keys: tuple[str, ...]
    known: tuple[str, ...]

    def finished(self, text: str) -> str:
        """A text that was made of this one, with the expressions for their numbers.

        `self.register_buffer("last_KEY0", ...)` is written for each key that is known, and `self.last_KEY0`
        becomes `getattr(self, f"last_{name}")`.
        """
        name = re.escape(self.attribute)
        registered = re.compile(rf'^\s*self\.register_buffer\("(?:has_)?{name}_KEY(\d+)')
        lines: list[str] = []
        for line in text.split("\n"):
            found = registered.match(line)
            if found is None:
                lines.append(line)
            elif found[1] == "0":
                lines += [line.replace("_KEY0", f"_{key}", 1) for key in self.known]
        # What `getattr` gives can be written to, but not be given another value.
        updated = re.compile(rf"({re.escape(self.owner)}\.{name}_KEY\d+) ([-+*/]|//|\*\*|%)= (.*?)(  #.*)?$")
        lines = [updated.sub(r"\1.copy_(\1 \2 (\3))\4", line) for line in lines]
        read = re.compile(rf"\b{re.escape(self.owner)}\.((?:has_)?{name})_KEY(\d+)((?:_\d+)?)\b")
        return read.sub(self._by_name, "\n".join(lines))

    def _by_name(self, found: re.Match[str]) -> str:
        return f'getattr({self.owner}, f"{found[1]}_{{{self.keys[int(found[2])]}}}{found[3]}")'


def by_names(
    text: str, tree: ast.Module, name: str, owner: str, values: Mapping[str, Any]
) -> NamedEntries | None:
    """The first dict of the class of a name that is asked by variables; None where there is none, or where
    nobody knows which keys there are. `values` are what the attributes came to hold."""
    roots = users_of(tree, name, owner)
    for node, target, value in made_attributes(tree, name):
        edits = Edits(text, tree)
        started = _start(value, values.get(target.attr), edits)
        keys = _keys(roots, owner, target.attr, edits)
        if started is None or not keys or not all(_is_of_loop(tree, key) for key in keys):
            continue
        start, known = started
        indent = " " * node.col_offset
        code = [f"{indent}self.{target.attr}_KEY{at} = {start}" for at in range(len(keys))]
        edits.replace_lines(node.lineno, last_line(node), code)
        Rewriter(text, tree, _Rule(owner, target.attr, keys).rule).apply(edits, list(roots))
        changed = edits.applied_as_python()
        return None if changed is None else NamedEntries(changed, owner, target.attr, keys, known)
    return None


def _is_of_loop(tree: ast.Module, key: str) -> bool:
    """Whether a key is a parameter, or the target of a loop: what is assigned may be another next time."""
    node = ast.parse(key, mode="eval").body
    assigned = {each.id for each in nodes_of(ast.Name, *_assigned(tree)) if isinstance(each.ctx, ast.Store)}
    return isinstance(node, ast.Name) and node.id not in assigned


def _assigned(tree: ast.Module) -> list[ast.AST]:
    found: list[ast.AST] = []
    for node in nodes_of(ast.stmt, tree):
        if isinstance(node, ast.Assign):
            found += node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            found.append(node.target)
    return [*found, *nodes_of(ast.NamedExpr, tree)]


def _start(value: ast.expr | None, later: Any, edits: Edits) -> tuple[str, tuple[str, ...]] | None:
    """What each entry starts with, as text, and the keys that there are."""
    if isinstance(value, ast.Dict) and value.keys:
        starts = {edits.source(each) for each in value.values}
        names = [each.value for each in value.keys if isinstance(each, ast.Constant)]
        if len(starts) != 1 or len(names) < len(value.keys):
            return None
        known = _names(names)
        return None if known is None else (starts.pop(), known)
    is_empty = isinstance(value, ast.Dict) or (
        isinstance(value, ast.Call) and edits.source(value) == "dict()"
    )
    known = _names(later) if is_empty and isinstance(later, dict) and later else None
    return None if known is None else ("None", known)


def _names(keys: Iterable[Any]) -> tuple[str, ...] | None:
    """Keys as they stand in names; None where one cannot."""
    given = list(keys)
    found = tuple(str(each) for each in given if isinstance(each, str | int))
    fits = (
        len(found) == len(given)
        and len(set(found)) == len(found)
        and all(f"_{each}".isidentifier() for each in found)
    )
    return found if found and fits else None


def _keys(roots: list[ast.stmt], owner: str, attribute: str, edits: Edits) -> tuple[str, ...]:
    """The expressions that a dict is asked by; none where it is used in any other way."""
    found: dict[str, None] = {}
    uses = 0
    for node in (each for root in roots for each in ast.walk(root)):
        is_it = isinstance(node, ast.Attribute) and node.attr == attribute and is_attribute_of(node, owner)
        uses += is_it
        key = asked_key(node, owner, attribute)
        if key is None:
            continue
        said = edits.source(key)
        is_plain = not any(True for _ in nodes_of(ast.Call, key)) and not {'"', "'", "{"} & set(said)
        if isinstance(key, ast.Slice) or not is_plain:
            return ()
        found.setdefault(said)
        uses -= 1
    return () if uses else tuple(found)


class _Rule:
    """The rule of a rewriter for the entries of one dict."""

    def __init__(self, owner: str, attribute: str, keys: tuple[str, ...]) -> None:
        self._owner, self._attribute, self._keys = owner, attribute, keys

    def rule(self, rewriter: Rewriter, node: ast.AST) -> str | None:
        """What stands in the place of a node; None where it stays."""
        key = asked_key(node, self._owner, self._attribute)
        if key is None:
            return None
        number = self._keys.index(Edits(rewriter.text, rewriter.tree).source(key))
        name = f"{self._owner}.{self._attribute}_KEY{number}"
        if isinstance(node, ast.Compare):
            return f"{name} is not None" if isinstance(node.ops[0], ast.In) else f"{name} is None"
        if isinstance(node, ast.Call):
            other = rewriter.source(node.args[1]) if len(node.args) > 1 else "None"
            return f"({name} if {name} is not None else {other})"
        return name
