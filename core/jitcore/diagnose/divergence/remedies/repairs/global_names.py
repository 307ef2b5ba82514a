"""Names of a file that a script does not see, as parameters or variables of the function."""

from __future__ import annotations

import ast
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.situation import annotation_of
from jitcore.diagnose.divergence.remedies.syntax import (
    class_of,
    globals_of,
    names_in,
)


def methods(tree: ast.Module, function: ast.FunctionDef) -> list[ast.FunctionDef]:
    """The methods of the class that a method is of."""
    holder = class_of(tree, function)
    return [] if holder is None else [each for each in holder.body if isinstance(each, ast.FunctionDef)]


def with_globals(change: Change, tree: ast.Module, *functions: ast.FunctionDef) -> Edits:
    """Numbers and texts of the file as defaults of parameters, which are evaluated where it is defined; lists
    and dicts written out in the function."""
    edits = Edits(change.text, tree)
    for function in functions:
        _pass_globals(edits, change, tree, function)
    return edits


def _pass_globals(edits: Edits, change: Change, tree: ast.Module, function: ast.FunctionDef) -> None:
    top = globals_of(change.file)
    loaded, stored = names_in(function.body)
    own = {each.arg for each in [*function.args.args, *function.args.kwonlyargs]} | set(stored)
    for name in sorted(loaded - own, key=change.text.find):
        value = top.get(name)
        if isinstance(value, bool | int | float | str):
            _add_default(edits, function, name, annotation_of(value) or "")
        elif isinstance(value, list | dict | tuple) and annotation_of(value) is not None:
            literal = next(
                (
                    node.value
                    for node in tree.body
                    if isinstance(node, ast.Assign | ast.AnnAssign)
                    and node.value is not None
                    and any(
                        isinstance(each, ast.Name) and each.id == name
                        for each in (node.targets if isinstance(node, ast.Assign) else [node.target])
                    )
                ),
                None,
            )
            is_written = isinstance(literal, ast.List | ast.Dict | ast.Tuple)
            if literal is None or not (is_written or len(repr(value)) < _WRITTEN_OUT):
                continue
            first = function.body[0]
            said = edits.source(literal) if is_written else repr(value)
            edits.insert_lines(first.lineno - 1, [f"{' ' * first.col_offset}{name} = {said}"])


_WRITTEN_OUT: Final = 300
"""Letters of a container that is computed at the top of a file, up to which it is written out."""


def _add_default(edits: Edits, function: ast.FunctionDef, name: str, kind: str) -> None:
    if function.args.vararg is not None or function.args.kwarg is not None or function.args.kwonlyargs:
        return
    default = f"{name}: {kind} = {name}"
    arguments = function.args.args
    if not arguments:
        at = edits.text.index("(", edits.at(function.lineno, function.col_offset)) + 1
        edits.replace_range(at, at, default)
        return
    last = function.args.defaults[-1] if function.args.defaults else arguments[-1]
    edits.insert_after(last, f", {default}")
