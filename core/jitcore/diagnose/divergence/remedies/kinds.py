"""Element types and devices that are taken from a tensor, as operators that look at it in each call."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import called_name, functions_around, names_in, nodes_of

_SUMMARY: Final = "take the type of the other tensor in each call"
_FACTORIES: Final = ("zeros", "ones", "empty", "full", "arange", "linspace", "eye", "tensor", "rand", "randn")


def by_type_of_other(file: str, text: str, tree: ast.Module, line: int) -> Iterator[Change]:
    """`to` with the type of another tensor as `type_as`, at a line and in the whole function around it."""
    functions = functions_around(tree, line)
    if not functions:
        return
    known = _kept_types(functions[0], stay=True)
    for only_line in (True, False):
        edits = Edits(text, tree)
        done: set[int] = set()
        for call in nodes_of(ast.Call, functions[0]):
            if id(call) in done or (only_line and not call.lineno <= line <= (call.end_lineno or 0)):
                continue
            other = _other(call, known)
            if other is None or not isinstance(call.func, ast.Attribute):
                continue
            done |= {id(node) for node in ast.walk(call)}
            if call.func.attr == "to":
                _convert_as(edits, call, other)
            else:
                _drop_types(edits, call, other)
        if not edits.are_none:
            yield Change(_SUMMARY, file, edits.applied())


def by_kept_tensor(file: str, text: str, tree: ast.Module, line: int) -> Iterator[Change]:
    """A type that is kept for later, `kind = x.dtype` for `y.to(kind)`, as an empty tensor of that type: a
    trace takes `x` itself for what it was converted to, where that changed nothing."""
    for function in functions_around(tree, line)[:1]:
        for kept, tensor in _kept_types(function, stay=False).items():
            asked = [call for call in nodes_of(ast.Call, function) if _is_conversion(call, kept)]
            uses = [node for node in nodes_of(ast.Name, function) if node.id == kept]
            if len(uses) != len(asked) + 1:
                continue
            edits = Edits(text, tree)
            for node in nodes_of(ast.Assign, function):
                if called_name(node.targets[0]) == kept:
                    edits.replace(node.value, f"{tensor}.new_empty(0)")
            for call in asked:
                _convert_as(edits, call, kept)
            yield Change(_SUMMARY, file, edits.applied())


def _is_conversion(call: ast.Call, kept: str) -> bool:
    """Whether a call is `y.to(kept)`."""
    is_to = isinstance(call.func, ast.Attribute) and call.func.attr == "to"
    return is_to and len(call.args) == 1 and not call.keywords and called_name(call.args[0]) == kept


def _convert_as(edits: Edits, call: ast.Call, other: str) -> None:
    """`y.to(...)` as `y.type_as(other)`; what stands before the name stays, parentheses too."""
    name = edits.at(call.func.end_lineno or 0, call.func.end_col_offset or 0) - len("to")
    last = edits.at(call.end_lineno or 0, call.end_col_offset or 0)
    edits.replace_range(name, last, f"type_as({other})")


def _drop_types(edits: Edits, call: ast.Call, other: str) -> None:
    """A tensor that is made of a type and then of that of another tensor."""
    kept = [edits.source(each) for each in call.args]
    kept += [
        f"{each.arg}={edits.source(each.value)}"
        for each in call.keywords
        if each.arg not in ("dtype", "device")
    ]
    edits.replace(call, f"{edits.source(call.func)}({', '.join(kept)}).type_as({other})")


def _kept_types(function: ast.FunctionDef, stay: bool) -> dict[str, str]:
    """Variables that are given the type of a tensor: by name, that of the tensor. With `stay` only of tensors
    whose names are given no other one."""
    known: dict[str, str] = {}
    _, stored = names_in(function.body)
    for node in nodes_of(ast.Assign, function):
        value, name = node.value, called_name(node.targets[0])
        if isinstance(value, ast.Attribute) and value.attr in ("dtype", "device"):
            tensor = called_name(value.value)
            if name and tensor and not (stay and tensor in stored):
                known[name] = tensor
    return known


def _other(call: ast.Call, known: Mapping[str, str]) -> str | None:
    """The tensor whose type a call asks for. `known` are variables that hold the type of one."""
    if not isinstance(call.func, ast.Attribute):
        return None
    asked = [each.value for each in call.keywords if each.arg in ("dtype", "device")]
    if call.func.attr == "to":
        asked += call.args[:1]
        if len(call.args) == 1 and isinstance(call.args[0], ast.Name) and not call.keywords:
            return known.get(call.args[0].id, call.args[0].id)
    elif call.func.attr not in _FACTORIES or called_name(call.func.value) != "torch":
        return None
    found = {
        called_name(each.value)
        for each in asked
        if isinstance(each, ast.Attribute) and each.attr in ("dtype", "device")
    }
    return found.pop() if len(found) == 1 and "" not in found else None
