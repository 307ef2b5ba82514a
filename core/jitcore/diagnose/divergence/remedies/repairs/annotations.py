"""Types of what functions are given that is no tensor, as it was seen or as the compiler says."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Final

import torch

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.situation import Situation, annotation_of
from jitcore.diagnose.divergence.remedies.syntax import (
    last_line,
    nodes_of,
    owner_of,
)


def annotated(
    change: Change, tree: ast.Module, situation: Situation, functions: list[ast.FunctionDef]
) -> Edits:
    """Types of what functions are given that is no tensor, as it was seen."""
    edits = Edits(change.text, tree)
    classes = {each.name: each for each in tree.body if isinstance(each, ast.ClassDef)}
    for function in functions:
        call = next(
            (
                each
                for (file, _), each in situation.calls.items()
                if file == change.file and each.code.co_name == function.name
            ),
            None,
        )
        if call is None:
            continue
        arguments = [*function.args.args, *function.args.kwonlyargs]
        unknown = [each for each in arguments if each.annotation is None and each.arg != owner_of(function)]
        if not unknown:
            continue
        for each in unknown:
            value = call.arguments.get(each.arg)
            kind = annotation_of(value) or _own_class(value, classes, function)
            if kind is not None:
                edits.insert_after(each, f": {kind}")
    return edits


def _own_class(value: object, classes: Mapping[str, ast.ClassDef], function: ast.FunctionDef) -> str | None:
    """The class of a person's object that a script may hold: one of the file, which is written before."""
    holder = classes.get(type(value).__name__)
    if isinstance(value, torch.nn.Module) or holder is None or last_line(holder) >= function.lineno:
        return None
    return holder.name


def annotated_as_called(change: Change, tree: ast.Module, error: str) -> Edits:
    """A parameter that is given no tensor, by what the compiler says that it is given."""
    edits = Edits(change.text, tree)
    found = _GIVEN.search(error)
    if found is None:
        return edits
    kind = found["kind"].replace("List[", "list[").replace("Tensor", "torch.Tensor")
    for function in nodes_of(ast.FunctionDef, tree):
        for each in (*function.args.args, *function.args.kwonlyargs):
            is_meant = re.search(rf"\b{re.escape(function.name)}\b", error) is not None
            if is_meant and each.arg == found["name"] and each.annotation is None:
                edits.insert_after(each, f": {kind}")
    return edits


_GIVEN: Final = re.compile(
    r"for argument '(?P<name>\w+)' but instead found type '(?P<kind>(?:int|float|bool|str|List\[\w+\]))'"
)
