"""Functions that are given a module, which no script takes, as methods of the class that gives its own."""

from __future__ import annotations

import ast
import textwrap

import torch

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.situation import Situation
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    class_of,
    first_line,
    free_name,
    last_line,
    nodes_of,
    owner_of,
)


def as_methods(change: Change, tree: ast.Module, function: ast.FunctionDef, situation: Situation) -> Edits:
    """A function at the top of a file that methods of one class give `self.part`, or `self`, as a method of
    that class which reads it itself."""
    edits = Edits(change.text, tree)
    calls = _calls(tree, function)
    holders = {id(holder): holder for caller, _ in calls if (holder := class_of(tree, caller)) is not None}
    own = _own(calls, function, _modules(change, situation, function))
    if len(holders) != 1 or not own:
        return edits
    body = _body(change.text, tree, function, own)
    if body is None:
        return edits
    (holder,) = holders.values()
    named = [each.arg for each in function.args.args]
    method = free_name(change.text, f"_{function.name.strip('_')}")
    for caller, call in calls:
        kept = [edits.source(each) for at, each in enumerate(call.args) if named[at] not in own]
        kept += [f"{each.arg}={edits.source(each.value)}" for each in call.keywords if each.arg not in own]
        edits.replace(call, f"{owner_of(caller)}.{method}({', '.join(kept)})")
    head = ", ".join(["self", *_parameters(edits, function, own)])
    returned = f" -> {edits.source(function.returns)}" if function.returns is not None else ""
    code = "\n".join([f"def {method}({head}){returned}:", *body])
    indent = " " * holder.body[0].col_offset
    edits.insert_lines(last_line(holder), ["", *textwrap.indent(code, indent).split("\n")])
    edits.replace_lines(first_line(function), last_line(function), [])
    return edits


def _calls(tree: ast.Module, function: ast.FunctionDef) -> list[tuple[ast.FunctionDef, ast.Call]]:
    """The calls of a function, each with the method that makes it; none where it is used otherwise."""
    arguments = function.args
    is_plain = not (arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs)
    if function not in tree.body or function.decorator_list or not is_plain:
        return []
    found: list[tuple[ast.FunctionDef, ast.Call]] = []
    for holder in (each for each in tree.body if isinstance(each, ast.ClassDef)):
        for method in (each for each in holder.body if isinstance(each, ast.FunctionDef)):
            for call in nodes_of(ast.Call, method):
                if called_name(call.func) == function.name:
                    if not owner_of(method) or any(each.arg is None for each in call.keywords):
                        return []
                    found.append((method, call))
    used = [node for node in nodes_of(ast.Name, tree) if node.id == function.name]
    return found if len(used) == len(found) else []


def _own(
    calls: list[tuple[ast.FunctionDef, ast.Call]], function: ast.FunctionDef, modules: list[str]
) -> dict[str, str]:
    """What each parameter that is a module is given by all calls, such as `self.part`; none where they
    differ, or give something else."""
    named = [each.arg for each in function.args.args]
    own: dict[str, str] = {}
    for caller, call in calls:
        given = dict(zip(named, call.args, strict=False))
        given |= {str(each.arg): each.value for each in call.keywords}
        for name in modules:
            said = "" if name not in given else called_name(given[name])
            if said.partition(".")[0] != owner_of(caller) or own.setdefault(name, said) != said:
                return {}
    return own


def _modules(change: Change, situation: Situation, function: ast.FunctionDef) -> list[str]:
    """The parameters that were given a module."""
    for (file, _), call in situation.calls.items():
        if file == change.file and call.code.co_name == function.name:
            return [name for name, value in call.arguments.items() if isinstance(value, torch.nn.Module)]
    return []


def _body(text: str, tree: ast.Module, function: ast.FunctionDef, own: dict[str, str]) -> list[str] | None:
    """The lines of a function with what the class has in the place of parameters, indented by four."""
    edits = Edits(text, tree)
    for node in (each for part in function.body for each in nodes_of(ast.Name, part)):
        if node.id in own:
            if not isinstance(node.ctx, ast.Load):
                return None
            _, dot, rest = own[node.id].partition(".")
            edits.replace(node, f"self{dot}{rest}")
    # Only names change within lines, so that the lines stay the same ones.
    first, last = first_line(function.body[0]), last_line(function.body[-1])
    if first <= function.lineno:
        return None
    lines = edits.changed().split("\n")[first - 1 : last]
    return textwrap.indent(textwrap.dedent("\n".join(lines)), "    ").split("\n")


def _parameters(edits: Edits, function: ast.FunctionDef, own: dict[str, str]) -> list[str]:
    """The parameters that are left, as they are written."""
    arguments, defaults = function.args.args, function.args.defaults
    first = len(arguments) - len(defaults)
    made: list[str] = []
    for at, each in enumerate(arguments):
        if each.arg in own:
            continue
        default = edits.source(defaults[at - first]) if at >= first else ""
        sign = " = " if each.annotation is not None else "="
        made.append(edits.source(each) + (f"{sign}{default}" if default else ""))
    return made
