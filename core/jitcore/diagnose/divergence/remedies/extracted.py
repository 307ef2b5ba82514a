"""Statements that become a function of their own, which is compiled while it is traced."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.decorated import SCRIPTED
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.situation import Situation, annotation_of, holds_tensors
from jitcore.diagnose.divergence.remedies.syntax import (
    first_line,
    free_name,
    functions_around,
    globals_of,
    is_attribute_of,
    last_line,
    names_in,
    nodes_of,
    owner_of,
    statement_of,
    top_of,
)


def extracted(file: str, text: str, tree: ast.Module, line: int, situation: Situation) -> Iterator[Change]:
    """Statements around a line of the innermost function that holds it, few of them before many."""
    functions = functions_around(tree, line)
    if not functions:
        return
    function = functions[0]
    call = situation.calls.get((file, first_line(function)))
    known: dict[str, Any] = dict(call.variables) if call is not None else {}
    if call is not None:
        known |= call.arguments
    if file == situation.cause.file:
        known |= situation.values
    for body in _blocks(function, line):
        place = statement_of(body, line)
        if place is None:
            continue
        first = int(_is_text(body[0]))
        regions = [(place, place + count) for count in range(1, len(body) - place + 1)]
        regions += [(begin, len(body)) for begin in range(place - 1, first - 1, -1)]
        for begin, end in regions:
            made = _extraction(file, text, tree, function, body, (begin, end), known)
            if made is not None:
                yield made


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _blocks(function: ast.FunctionDef, line: int) -> list[list[ast.stmt]]:
    """The lists of statements that hold a line, innermost first."""
    found: list[list[ast.stmt]] = []
    body = function.body
    while True:
        found.insert(0, body)
        place = statement_of(body, line)
        if place is None:
            return found
        inner = [getattr(body[place], name, []) for name in ("body", "orelse", "finalbody")]
        deeper = next((each for each in inner if statement_of(each, line) is not None), None)
        if deeper is None or isinstance(body[place], ast.FunctionDef | ast.ClassDef):
            return found
        body = deeper


def _extraction(
    file: str,
    text: str,
    tree: ast.Module,
    function: ast.FunctionDef,
    body: list[ast.stmt],
    region: tuple[int, int],
    known: Mapping[str, Any],
) -> Change | None:
    begin, end = region
    part = body[begin:end]
    ends = any(True for _ in nodes_of(ast.Return, *part))
    if ends and (body is not function.body or end < len(body)):
        return None
    if any(True for _ in nodes_of(ast.Yield, *part)) or _leaves_loops(part):
        return None
    owner = owner_of(function)
    attributes = _attributes_of(part, owner)
    if attributes is None:
        return None
    loaded, stored = names_in(part)
    top = globals_of(file)
    local = {each.arg for each in [*function.args.args, *function.args.kwonlyargs]} | set(
        names_in(function.body)[1]
    )
    parameters: list[str] = []
    passed: list[str] = []
    for name in sorted(loaded - {owner}, key=text.find):
        value = known.get(name) if name in local else top.get(name)
        if name not in local and (name not in top or annotation_of(value) is None):
            # A function, a class or a module, or what Python itself has.
            continue
        if name in local and name in stored and not _is_set_before(function, part, name):
            continue
        kind = annotation_of(value)
        if kind is None:
            return None
        parameters.append(f"{name}: {kind}")
        passed.append(name)
    called: dict[str, str] = {}
    for name in attributes:
        kind = annotation_of(getattr(known.get(owner), name, None))
        if kind is None:
            return None
        called[name] = name if name not in local | loaded else f"{name}_"
        parameters.append(f"{called[name]}: {kind}")
        passed.append(f"{owner}.{name}")
    results = _results(function, part, stored)
    if ends == bool(results) or not all(holds_tensors(known.get(each)) for each in results):
        return None
    edits = Edits(text, tree)
    helper = free_name(text, f"_{function.name.strip('_')}_scripted")
    code = _body(text, tree, part, owner, called)
    given = f"{helper}({', '.join(passed)})"
    indent = " " * part[0].col_offset
    if results:
        code.append(f"    return {', '.join(results)}")
        replacement = f"{indent}{', '.join(results)} = {given}"
    else:
        replacement = f"{indent}return {given}"
    edits.replace_lines(first_line(part[0]), last_line(part[-1]), [replacement])
    holder = top_of(tree, function.lineno)
    assert holder is not None
    head = f"def {helper}({', '.join(parameters)}):"
    edits.insert_lines(first_line(holder) - 1, [SCRIPTED, head, *code, "", ""])
    lines = (
        f"line {part[0].lineno}" if len(part) == 1 and part[0].lineno == last_line(part[0])
        else f"lines {part[0].lineno} to {last_line(part[-1])}"
    )  # fmt: skip
    summary = (
        f"compile {lines} as a function of their own while it is traced, so that it decides in each call"
    )
    return Change(summary, file, edits.applied())


def _body(
    text: str, tree: ast.Module, part: list[ast.stmt], owner: str, called: Mapping[str, str]
) -> list[str]:
    """The lines of statements, with attributes named as parameters, indented by four."""
    edits = Edits(text, tree)
    for node in nodes_of(ast.Attribute, *part):
        if owner and is_attribute_of(node, owner) and node.attr in called:
            edits.replace(node, called[node.attr])
    # Only names change within lines, so that the lines stay the same ones.
    lines = edits.changed().split("\n")[first_line(part[0]) - 1 : last_line(part[-1])]
    return textwrap.indent(textwrap.dedent("\n".join(lines)), "    ").split("\n")


def _results(function: ast.FunctionDef, part: list[ast.stmt], stored: list[str]) -> list[str]:
    """Names that statements give a value which is read elsewhere in the function afterwards."""
    inside = {id(node) for each in part for node in ast.walk(each)}
    last = last_line(part[-1])
    loops = [
        node
        for node in nodes_of(ast.stmt, function)
        if isinstance(node, ast.For | ast.While) and any(id(each) == id(part[0]) for each in ast.walk(node))
        and id(node) not in inside
    ]  # fmt: skip
    after = {
        node.id
        for node in nodes_of(ast.Name, function)
        if id(node) not in inside
        and isinstance(node.ctx, ast.Load)
        and (node.lineno > last or any(loop.lineno <= node.lineno <= last_line(loop) for loop in loops))
    }
    return [name for name in stored if name in after]


def _is_set_before(function: ast.FunctionDef, part: list[ast.stmt], name: str) -> bool:
    """Whether a name has a value where some statements begin, which they read."""
    arguments = {each.arg for each in [*function.args.args, *function.args.kwonlyargs]}
    # What a comprehension goes through is no variable of the function.
    inner = {id(node) for each in nodes_of(ast.comprehension, function) for node in ast.walk(each.target)}
    before = any(
        node.id == name and isinstance(node.ctx, ast.Store) and node.lineno < part[0].lineno
        for node in nodes_of(ast.Name, function)
        if id(node) not in inner
    )
    return name in arguments or before


def _leaves_loops(part: list[ast.stmt]) -> bool:
    """Whether statements end or continue a loop that is around them."""
    inner = {
        id(node)
        for loop in nodes_of(ast.stmt, *part)
        if isinstance(loop, ast.For | ast.While)
        for node in ast.walk(loop)
    }
    return any(
        isinstance(node, ast.Break | ast.Continue) and id(node) not in inner
        for node in nodes_of(ast.stmt, *part)
    )


def _attributes_of(body: list[ast.stmt], owner: str) -> list[str] | None:
    """Attributes of `self` that are read; None where it is used otherwise."""
    found: dict[str, None] = {}
    if not owner:
        return []
    uses = 0
    for node in (node for part in body for node in ast.walk(part)):
        if isinstance(node, ast.Call) and is_attribute_of(node.func, owner):
            return None
        if isinstance(node, ast.Attribute) and is_attribute_of(node, owner):
            if not isinstance(node.ctx, ast.Load):
                return None
            found.setdefault(node.attr)
            uses -= 1
        elif isinstance(node, ast.Name) and node.id == owner:
            uses += 1
    return None if uses else list(found)
