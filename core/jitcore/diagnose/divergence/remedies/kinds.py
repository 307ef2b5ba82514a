"""Element types and devices that are taken from a tensor, as operators that look at it in each call."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import called_name, functions_around, nodes_of

_SUMMARY: Final = "take the type of the other tensor in each call"
_FACTORIES: Final = ("zeros", "ones", "empty", "full", "arange", "linspace", "eye", "tensor", "rand", "randn")


def by_type_of_other(file: str, text: str, tree: ast.Module, line: int) -> Iterator[Change]:
    """`to` with the type of another tensor as `type_as`, at a line and in the whole function around it."""
    functions = functions_around(tree, line)
    if not functions:
        return
    for only_line in (True, False):
        edits = Edits(text, tree)
        done: set[int] = set()
        for call in nodes_of(ast.Call, functions[0]):
            if id(call) in done or (only_line and not call.lineno <= line <= (call.end_lineno or 0)):
                continue
            other = _other(call)
            if other is None or not isinstance(call.func, ast.Attribute):
                continue
            done |= {id(node) for node in ast.walk(call)}
            if call.func.attr == "to":
                first = edits.at(call.func.value.end_lineno or 0, call.func.value.end_col_offset or 0)
                last = edits.at(call.end_lineno or 0, call.end_col_offset or 0)
                edits.replace_range(first, last, f".type_as({other})")
            else:
                _drop_types(edits, call, other)
        if not edits.are_none:
            yield Change(_SUMMARY, file, edits.applied())


def _drop_types(edits: Edits, call: ast.Call, other: str) -> None:
    """A tensor that is made of a type and then of that of another tensor."""
    kept = [edits.source(each) for each in call.args]
    kept += [
        f"{each.arg}={edits.source(each.value)}"
        for each in call.keywords
        if each.arg not in ("dtype", "device")
    ]
    edits.replace(call, f"{edits.source(call.func)}({', '.join(kept)}).type_as({other})")


def _other(call: ast.Call) -> str | None:
    """The tensor whose type a call asks for."""
    if not isinstance(call.func, ast.Attribute):
        return None
    asked = [each.value for each in call.keywords if each.arg in ("dtype", "device")]
    if call.func.attr == "to":
        asked += call.args[:1]
        if len(call.args) == 1 and isinstance(call.args[0], ast.Name) and not call.keywords:
            return call.args[0].id
    elif call.func.attr not in _FACTORIES or called_name(call.func.value) != "torch":
        return None
    found = {
        called_name(each.value)
        for each in asked
        if isinstance(each, ast.Attribute) and each.attr in ("dtype", "device")
    }
    return found.pop() if len(found) == 1 and "" not in found else None
