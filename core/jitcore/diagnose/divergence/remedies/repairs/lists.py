"""Lists and generators that a script does not make so."""

from __future__ import annotations

import ast
import re
from typing import Any, Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.situation import Situation, annotation_of
from jitcore.diagnose.divergence.remedies.syntax import (
    blocks_of,
    called_name,
    evaluated_later,
    free_name,
    nodes_of,
    owner_of,
    statement_holding,
)


def with_lists(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """Generators that are given to a call as lists; what is any or all of them, as bools."""
    edits = Edits(change.text, tree)
    for call in nodes_of(ast.Call, function):
        if len(call.args) == 1 and isinstance(call.args[0], ast.GeneratorExp):
            node = call.args[0]
            if called_name(call.func) in ("any", "all"):
                edits.insert_before(node.elt, "bool(")
                edits.insert_after(node.elt, ")")
            # Alone in a call it has the parentheses of the call for its own.
            first = edits.at(node.lineno, node.col_offset)
            last = edits.at(node.end_lineno or 0, node.end_col_offset or 0)
            edits.replace_range(first, first + 1, "([")
            edits.replace_range(last - 1, last, "])")
    return edits


def unrolled(
    change: Change, tree: ast.Module, function: ast.FunctionDef, line: int, situation: Situation
) -> Edits:
    """A list that is made by a comprehension, filled in a loop."""
    edits = Edits(change.text, tree)
    statement = statement_holding(function, line)
    if statement is None or isinstance(statement, ast.FunctionDef | ast.For | ast.While | ast.If):
        return edits
    found = [
        node for node in nodes_of(ast.expr, statement) if isinstance(node, ast.ListComp | ast.GeneratorExp)
    ]
    if not found:
        return edits
    made = found[0]
    indent = " " * statement.col_offset
    kind = _KINDS.get(_called_for(made.elt)) or _kind_of_elements(statement, made, situation, change.file)
    name = "found" if not re.search(r"\bfound\b", edits.source(function)) else "found_here"
    code = [f"{indent}{name}: list[{kind}] = []"]
    for each in made.generators:
        code.append(f"{indent}for {edits.source(each.target)} in {edits.source(each.iter)}:")
        indent += "    "
        for test in each.ifs:
            code.append(f"{indent}if {edits.source(test)}:")
            indent += "    "
    code.append(f"{indent}{name}.append({edits.source(made.elt)})")
    edits.insert_lines(statement.lineno - 1, code)
    source = edits.source(made)
    edits.replace(
        made, f"({name})" if source.startswith("(") and isinstance(made, ast.GeneratorExp) else name
    )
    return edits


_KINDS: Final = {"int": "int", "len": "int", "float": "float", "bool": "bool", "str": "str"}
"""Functions of Python that give one kind of value."""


def _called_for(node: ast.expr) -> str:
    return called_name(node.func) if isinstance(node, ast.Call) else ""


def _kind_of_elements(
    statement: ast.stmt, made: ast.ListComp | ast.GeneratorExp, situation: Situation, file: str
) -> str:
    """The type of what a comprehension gives, as far as it was seen; tensors are likeliest."""
    seen: Any = None
    for (where, first), call in situation.calls.items():
        if where != file:
            continue
        if isinstance(statement, ast.Return) and statement.value is made:
            seen = call.returned if abs(first - statement.lineno) < _NEAR else seen
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            seen = call.variables.get(statement.targets[0].id, seen)
    kind = annotation_of(seen) or ""
    return kind.removeprefix("list[").removesuffix("]") if kind.startswith("list[") else "torch.Tensor"


_NEAR: Final = 12
"""Lines between the beginning of a short function and its return."""


def without_tuples(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`tuple(...)` of as many elements as there come, which only a list has in a script."""
    edits = Edits(change.text, tree)
    for call in nodes_of(ast.Call, function):
        if called_name(call.func) != "tuple" or len(call.args) != 1 or call.keywords:
            continue
        given = call.args[0]
        if isinstance(given, ast.GeneratorExp):
            first = edits.at(given.lineno, given.col_offset)
            last = edits.at(given.end_lineno or 0, given.end_col_offset or 0)
            edits.replace(call, f"[{edits.text[first + 1 : last - 1]}]")
        elif isinstance(given, ast.ListComp):
            edits.replace(call, edits.source(given))
        else:
            edits.replace(call.func, "list")
    if function.returns is not None and not edits.are_none:
        kinds = _kinds_of_tuple(edits, function.returns)
        if len(kinds) == 1:
            edits.replace(function.returns, f"list[{kinds.pop()}]")
    return edits


def _kinds_of_tuple(edits: Edits, annotation: ast.expr) -> set[str]:
    """The kinds of the elements of a tuple that an annotation tells."""
    if not isinstance(annotation, ast.Subscript) or called_name(annotation.value) not in ("tuple", "Tuple"):
        return set()
    kinds = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
    return {edits.source(each) for each in kinds} - {"..."}


def reduced(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`functools.reduce` as the loop that it is."""
    edits = Edits(change.text, tree)
    for block in blocks_of(function):
        for statement in block:
            for call in (
                nodes_of(ast.Call, statement) if isinstance(statement, ast.Assign | ast.Return) else ()
            ):
                if called_name(call.func).rpartition(".")[2] != "reduce" or len(call.args) != 3:
                    continue
                step, items, start = (edits.source(each) for each in call.args)
                indent = " " * statement.col_offset
                text = edits.source(function)
                name, item = free_name(text, "reduced"), free_name(text, "item")
                code = [f"{indent}{name} = {start}", f"{indent}for {item} in {items}:"]
                code.append(f"{indent}    {name} = {step}({name}, {item})")
                edits.insert_lines(statement.lineno - 1, code)
                edits.replace(call, name)
                return edits
    return edits


def without_functions_given(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`map(f, x)` and `filter(f, x)` as lists that call the function themselves."""
    edits = Edits(change.text, tree)
    text = edits.source(function)
    each = free_name(text, "each")
    for call in nodes_of(ast.Call, function):
        name = called_name(call.func)
        if name not in ("map", "filter") or len(call.args) != 2 or call.keywords:
            continue
        applied, items = call.args
        if not isinstance(applied, ast.Name | ast.Attribute):
            continue
        asked = f"{edits.source(applied)}({each})"
        made = f"{asked} for {each} in" if name == "map" else f"{each} for {each} in"
        rest = "" if name == "map" else f" if {asked}"
        edits.replace(call, f"[{made} {edits.source(items)}{rest}]")
    return edits


def called_when_chosen(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`f = one if test else other` and `f(x)` as one of two calls."""
    edits = Edits(change.text, tree)
    for node in nodes_of(ast.Assign, function):
        name, chosen = called_name(node.targets[0]), node.value
        if not name.isidentifier() or not isinstance(chosen, ast.IfExp):
            continue
        if not called_name(chosen.body) or not called_name(chosen.orelse):
            continue
        uses = [each for each in nodes_of(ast.Name, function) if each.id == name]
        calls = [each for each in nodes_of(ast.Call, function) if called_name(each.func) == name]
        if len(calls) != len(uses) - 1:
            continue
        is_first = free_name(edits.source(function), "is_first")
        edits.replace(node, f"{is_first} = bool({edits.source(chosen.test)})")
        one, other = (edits.source(each) for each in (chosen.body, chosen.orelse))
        for call in calls:
            given = ", ".join(edits.source(each) for each in (*call.args, *call.keywords))
            edits.replace(call, f"({one}({given}) if {is_first} else {other}({given}))")
    return edits


def with_first_found(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`next((x for x in items if test), other)` as the loop that ends with the first one."""
    edits = Edits(change.text, tree)
    for call in nodes_of(ast.Call, function):
        statement = statement_holding(function, call.lineno)
        if called_name(call.func) != "next" or len(call.args) != 2 or call.keywords:
            continue
        walk, other = call.args
        if not isinstance(walk, ast.GeneratorExp) or len(walk.generators) != 1:
            continue
        if not isinstance(statement, ast.Assign | ast.Return) or evaluated_later(statement, call):
            continue
        each = walk.generators[0]
        indent = " " * statement.col_offset
        name = free_name(edits.source(function), "first")
        tests = " and ".join(f"bool({edits.source(test)})" for test in each.ifs) or "True"
        code = [
            f"{indent}{name} = {edits.source(other)}",
            f"{indent}for {edits.source(each.target)} in {edits.source(each.iter)}:",
            f"{indent}    if {tests}:",
            f"{indent}        {name} = {edits.source(walk.elt)}",
            f"{indent}        break",
        ]
        edits.insert_lines(statement.lineno - 1, code)
        edits.replace(call, name)
        return edits
    return edits


def without_reversed(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`reversed(x)` as `x[::-1]`."""
    edits = Edits(change.text, tree)
    for call in nodes_of(ast.Call, function):
        if called_name(call.func) == "reversed" and len(call.args) == 1:
            edits.replace(call, f"{edits.source(call.args[0])}[::-1]")
    return edits


def summed(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`sum` of tensors by an operator."""
    edits = Edits(change.text, tree)
    for call in nodes_of(ast.Call, function):
        if called_name(call.func) == "sum" and len(call.args) == 1:
            edits.replace(call, f"torch.stack({edits.source(call.args[0])}).sum(dim=0)")
    return edits


def without_starred_elements(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`[first, *others]` as `[first] + [each for each in others]`."""
    edits = Edits(change.text, tree)
    for node in nodes_of(ast.List, function):
        if not isinstance(node.ctx, ast.Load) or not any(isinstance(each, ast.Starred) for each in node.elts):
            continue
        parts = [
            f"[each for each in {edits.source(each.value)}]"
            if isinstance(each, ast.Starred)
            else f"[{edits.source(each)}]"
            for each in node.elts
        ]
        edits.replace(node, f"({' + '.join(parts)})")
    return edits


def by_keys(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`self.parts[key](x)` by a walk over the modules of all keys, of which one is called."""
    edits = Edits(change.text, tree)
    for call in nodes_of(ast.Call, function):
        chosen = call.func
        statement = statement_holding(function, call.lineno)
        if not isinstance(chosen, ast.Subscript) or not isinstance(statement, ast.Assign | ast.Return):
            continue
        indent = " " * statement.col_offset
        given = ", ".join(edits.source(each) for each in call.args)
        text = edits.source(function)
        name, wanted, key, part = (free_name(text, each) for each in ("results", "wanted", "key", "part"))
        code = [
            f"{indent}{wanted} = {edits.source(chosen.slice)}",
            f"{indent}{name}: list[torch.Tensor] = []",
            f"{indent}for {key}, {part} in {edits.source(chosen.value)}.items():",
            f"{indent}    if {key} == {wanted}:",
            f"{indent}        {name}.append({part}({given}))",
        ]
        edits.insert_lines(statement.lineno - 1, code)
        edits.replace(call, f"{name}[0]")
        break
    return edits


def by_place(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`self.parts[at](x)` by a walk over all modules, of which one is called; `self.scales[at]` out of a
    list of all parameters."""
    edits = Edits(change.text, tree)
    called = {id(call.func): call for call in nodes_of(ast.Call, function)}
    for node in nodes_of(ast.Subscript, function):
        held = node.value
        is_chosen = not isinstance(node.slice, ast.Constant | ast.Slice) and isinstance(node.ctx, ast.Load)
        if not is_chosen or not isinstance(held, ast.Attribute) or not isinstance(held.value, ast.Name):
            continue
        if held.value.id != owner_of(function):
            continue
        call = called.get(id(node))
        if call is None:
            edits.replace(node, f"[each for each in {edits.source(held)}][{edits.source(node.slice)}]")
            return edits
        statement = statement_holding(function, call.lineno)
        if not isinstance(statement, ast.Assign | ast.Return) or call.keywords:
            continue
        if evaluated_later(statement, node):
            continue
        indent = " " * statement.col_offset
        given = ", ".join(edits.source(each) for each in call.args)
        text = edits.source(function)
        name, wanted, place, part = (free_name(text, each) for each in ("results", "wanted", "place", "part"))
        code = [
            f"{indent}{wanted} = {edits.source(node.slice)}",
            f"{indent}if {wanted} < 0:",
            f"{indent}    {wanted} = {wanted} + len({edits.source(held)})",
            f"{indent}{name}: list[torch.Tensor] = []",
            f"{indent}for {place}, {part} in enumerate({edits.source(held)}):",
            f"{indent}    if {place} == {wanted}:",
            f"{indent}        {name}.append({part}({given}))",
        ]
        edits.insert_lines(statement.lineno - 1, code)
        edits.replace(call, f"{name}[0]")
        return edits
    return edits
