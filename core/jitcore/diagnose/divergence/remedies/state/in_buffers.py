"""What a program keeps from call to call, kept in buffers of its modules: the changes to try."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.conditions import by_where
from jitcore.diagnose.divergence.remedies.numbers import read_as_tensors
from jitcore.diagnose.divergence.remedies.pushed_choices import chosen_later
from jitcore.diagnose.divergence.remedies.situation import Situation
from jitcore.diagnose.divergence.remedies.state.caches import without_caches
from jitcore.diagnose.divergence.remedies.state.class_buffers import Buffered, buffered
from jitcore.diagnose.divergence.remedies.state.closures import by_modules
from jitcore.diagnose.divergence.remedies.state.entries import by_entries
from jitcore.diagnose.divergence.remedies.state.generators import by_objects
from jitcore.diagnose.divergence.remedies.state.iterators import by_counting
from jitcore.diagnose.divergence.remedies.state.named_entries import by_names
from jitcore.diagnose.divergence.remedies.state.reachable import reachable
from jitcore.diagnose.divergence.remedies.state.shared import shared
from jitcore.diagnose.divergence.remedies.syntax import (
    class_of,
    functions_around,
    nodes_of,
    parsed,
)

_DECISIONS: Final = 4
"""How many of the conditions of a function are taken by an operator besides, one at a time."""


@dataclass(frozen=True)
class _Object:
    """What state is an attribute of: the text in which it is so, its class, and what it is called there."""

    text: str
    holder: str
    owner: str


def in_buffers(
    file: str, text: str, tree: ast.Module, lines: list[int], situation: Situation
) -> Iterator[Change]:
    """What is kept around some lines in buffers; then with what it decides and computes as operators."""
    near = {each.name for line in lines for each in functions_around(tree, line)}
    program = situation.made or situation.place[1] if situation.place[0] == file else ""
    found: list[tuple[str, str]] = []
    for each in _objects(text, tree, lines, situation):
        for made in _in_buffers_of(each, situation):
            held = reachable(made.text, made.holder, program) if program else made.text
            found.append((held, made.summary))
            if made.owner == "self" and each.text == text:
                yield from _by_own_conditions(file, made)
            yield Change(made.summary, file, held)
    for held, summary in found:
        yield from _followed(file, held, summary, near)


def _objects(text: str, tree: ast.Module, lines: list[int], situation: Situation) -> Iterator[_Object]:
    """Classes around the lines and those whose methods are called there, then whatever else keeps state, as
    objects."""
    functions = [function for line in lines for function in functions_around(tree, line)[:1]]
    around = [holder.name for each in functions if (holder := class_of(tree, each)) is not None]
    called = {
        call.func.attr for call in nodes_of(ast.Call, *functions) if isinstance(call.func, ast.Attribute)
    }
    ran = {type(call.arguments.get("self")).__name__ for call in situation.calls.values()}
    around += [
        holder.name
        for holder in nodes_of(ast.ClassDef, tree)
        if holder.name in ran
        and any(isinstance(each, ast.FunctionDef) and each.name in called for each in holder.body)
    ]
    names = list(dict.fromkeys(around))
    yield from (_Object(text, name, "self") for name in names)
    for chosen in chosen_later("", text, tree, functions):
        yield from (_Object(chosen.text, name, "self") for name in names)
    counted = by_counting(text, tree)
    if counted is not None:
        yield from (_Object(counted, name, "self") for name in names)
    for change in (by_objects, by_modules):
        made = change(text, tree)
        if made is not None:
            yield _Object(*made, "self")
    for each in filter(None, (counted, text)):
        one = shared(each, ast.parse(each))
        if one is not None:
            yield _Object(one.text, one.holder, one.owner)


def _in_buffers_of(each: _Object, situation: Situation) -> Iterator[Buffered]:
    values = _values(each.holder, situation) if each.owner == "self" else {}
    tree = ast.parse(each.text)
    yield from buffered(each.text, tree, each.holder, each.owner, values)
    parted = by_entries(each.text, tree, each.holder, each.owner)
    if parted is not None:
        yield from buffered(parted, ast.parse(parted), each.holder, each.owner, {})
    named = by_names(each.text, tree, each.holder, each.owner, values)
    if named is not None:
        for made in buffered(named.text, ast.parse(named.text), each.holder, each.owner, {}):
            kept = {key.replace("_KEY0", ""): kept for key, kept in made.kept.items()}
            finished = named.finished(made.text)
            if parsed(finished) is not None:
                yield replace(made, text=finished, kept=kept)


def _values(holder: str, situation: Situation) -> dict[str, Any]:
    """What the attributes of an object of a class hold once it was called."""
    for call in situation.calls.values():
        owner = call.arguments.get("self", call.variables.get("self"))
        if owner is not None and type(owner).__name__ == holder:
            return {**call.attributes, **call.variables}
    return {}


def _by_own_conditions(file: str, made: Buffered) -> Iterator[Change]:
    """Conditions on the buffers of an object by an operator."""
    tree = ast.parse(made.text)
    names = {buffer for kept in made.kept.values() for buffer in kept.buffers}
    for where in nodes_of(ast.If, tree):
        if any(each.attr in names for each in nodes_of(ast.Attribute, where.test)):
            for change in by_where(file, made.text, tree, where.lineno):
                yield Change(made.summary, file, change.text)


def _followed(file: str, text: str, summary: str, near: set[str]) -> Iterator[Change]:
    """What functions of some names decide and compute, as operators."""
    plain = without_caches(text, ast.parse(text))
    tree = ast.parse(plain)
    if plain != text:
        yield Change(f"{summary}; compute anew what was kept for arguments", file, plain)
    # A function that became an object is called another name.
    names = near | {f"{name.lstrip('_')}_once" for name in near} | {"forward"}
    functions = [each for each in nodes_of(ast.FunctionDef, tree) if each.name in names]
    decisions = (each for each in nodes_of(ast.If | ast.IfExp, *functions))  # type: ignore[arg-type]
    for each in itertools.islice(decisions, _DECISIONS):
        for change in by_where(file, plain, tree, each.lineno):
            yield Change(f"{summary}; {change.summary}", file, change.text)
    for change in chosen_later(file, plain, tree, functions):
        yield Change(f"{summary}; {change.summary}", file, change.text)
    for change in read_as_tensors(file, plain, tree, functions):
        yield Change(f"{summary}; {change.summary}", file, change.text)
