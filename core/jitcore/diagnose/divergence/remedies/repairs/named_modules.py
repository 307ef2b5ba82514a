"""Modules and parameters that are chosen by a name that is computed, which no script compiles."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import torch

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.situation import Situation
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    evaluated_later,
    free_name,
    nodes_of,
    owner_of,
    statement_holding,
)


def by_names(
    change: Change, tree: ast.Module, function: ast.FunctionDef, situation: Situation
) -> Iterator[Edits]:
    """`getattr(self, f"part_{n}")(x)` by a comparison with the name of each such module, of which one is
    called; a tensor that is chosen so likewise."""
    owner = owner_of(function)
    for asked in nodes_of(ast.Call, function) if owner else ():
        if called_name(asked.func) != "getattr" or len(asked.args) != 2 or asked.keywords:
            continue
        held, name = asked.args
        if not isinstance(held, ast.Name) or held.id != owner or isinstance(name, ast.Constant):
            continue
        pattern = _pattern_of(name)
        for is_module in (True, False):
            names = [
                each
                for each in _held(situation, function, change.file, is_module)
                if re.fullmatch(pattern, each)
            ]
            if names:
                yield _chosen(change, tree, function, asked, names, is_module)


def _chosen(
    change: Change,
    tree: ast.Module,
    function: ast.FunctionDef,
    asked: ast.Call,
    names: list[str],
    is_module: bool,
) -> Edits:
    """What is asked for by name as an `if` for each name, before the statement that needs it."""
    edits = Edits(change.text, tree)
    text = edits.source(function)
    owner, name = (edits.source(each) for each in asked.args)
    wanted, results = free_name(text, "wanted"), free_name(text, "results")
    given: str | None = None
    replaced: ast.expr = asked
    at = statement_holding(function, asked.lineno)
    holder = at
    if is_module:
        call = next((each for each in nodes_of(ast.Call, function) if each.func is asked), None)
        if call is None and isinstance(at, ast.Assign) and at.value is asked:
            # The module has a name of its own, by which it is called once.
            kept = called_name(at.targets[0])
            calls = [each for each in nodes_of(ast.Call, function) if called_name(each.func) == kept]
            uses = [node for node in nodes_of(ast.Name, function) if node.id == kept]
            if not kept or len(calls) != 1 or len(uses) != 2:
                return Edits(change.text, tree)
            call = calls[0]
            holder = statement_holding(function, call.lineno)
            edits.replace(at, f"{wanted} = {name}")
        if call is None:
            return Edits(change.text, tree)
        replaced = call
        given = ", ".join(edits.source(each) for each in (*call.args, *call.keywords))
    if not isinstance(holder, ast.Assign | ast.Return | ast.AugAssign | ast.Expr):
        return Edits(change.text, tree)
    if evaluated_later(holder, replaced):
        return Edits(change.text, tree)
    indent = " " * holder.col_offset
    code = [f"{indent}{wanted} = {name}"] if holder is at else []
    code.append(f"{indent}{results}: list[torch.Tensor] = []")
    for each in names:
        made = f"{owner}.{each}" + ("" if given is None else f"({given})")
        code += [f'{indent}if {wanted} == "{each}":', f"{indent}    {results}.append({made})"]
    edits.insert_lines(holder.lineno - 1, code)
    edits.replace(replaced, f"{results}[0]")
    return edits


def _pattern_of(name: ast.expr) -> str:
    """What names an expression may give: those with the texts that are written in it."""
    if not isinstance(name, ast.JoinedStr):
        return ".+"
    parts = (re.escape(str(each.value)) if isinstance(each, ast.Constant) else ".+" for each in name.values)
    return "".join(parts)


def _held(situation: Situation, function: ast.FunctionDef, file: str, is_module: bool) -> list[str]:
    """The names of the modules, or of the tensors, of the object whose method ran."""
    found: Any = None
    for (where, _), call in situation.calls.items():
        if where == file and call.code.co_name == function.name and "self" in call.arguments:
            found = call.arguments["self"]
            break
    if not isinstance(found, torch.nn.Module):
        return []
    if is_module:
        return [name for name, _ in found.named_children() if name.isidentifier()]
    kept = (*found.named_parameters(recurse=False), *found.named_buffers(recurse=False))
    return [name for name, _ in kept if name.isidentifier()]
