"""Variables that hold another kind of value for a compiler than Python gives them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.situation import Situation, annotation_of
from jitcore.diagnose.divergence.remedies.syntax import (
    blocks_of,
    called_name,
    free_name,
    names_in,
    nodes_of,
)


def as_tensor(change: Change, tree: ast.Module, function: ast.FunctionDef, name: str) -> Edits:
    """A number that becomes a tensor later is one from the start."""
    edits = Edits(change.text, tree)
    for node in nodes_of(ast.Assign, function):
        target = node.targets[0]
        if isinstance(target, ast.Name) and target.id == name:
            edits.replace(node.value, f"torch.tensor({edits.source(node.value)})")
            break
    return edits


def sums_as_tensors(change: Change, tree: ast.Module) -> Edits:
    """Numbers that tensors are added to in a loop, tensors from the start: a script keeps them numbers."""
    edits = Edits(change.text, tree)
    for function in nodes_of(ast.FunctionDef, tree):
        if not any("script" in called_name(each) for each in function.decorator_list):
            continue
        loops = [node for node in nodes_of(ast.stmt, function) if isinstance(node, ast.For | ast.While)]
        changed = set(names_in(loops)[1])
        for node in function.body:
            if isinstance(node, ast.Assign) and called_name(node.targets[0]) in changed:
                value = node.value
                if isinstance(value, ast.Constant) and isinstance(value.value, int | float):
                    edits.replace(value, f"torch.tensor({edits.source(value)})")
    return edits


def empty_typed(change: Change, tree: ast.Module, function: ast.FunctionDef, situation: Situation) -> Edits:
    """Lists and dicts that start empty, with the type of what they come to hold."""
    edits = Edits(change.text, tree)
    variables: dict[str, Any] = {}
    for (file, _), call in situation.calls.items():
        if file == change.file and (
            call.code.co_name == function.name or function.name.endswith("_scripted")
        ):
            variables |= {key: value for key, value in call.variables.items() if key not in variables}
    for node in nodes_of(ast.Assign, function):
        pairs = [(node.targets[0], node.value)]
        target = pairs[0][0]
        if not isinstance(target, ast.Name) or not _is_empty(node.value):
            continue
        kind = annotation_of(variables.get(target.id))
        if kind is not None and kind != "list[torch.Tensor]":
            edits.replace(target, f"{target.id}: {kind}")
    return edits


def retyped_list(change: Change, tree: ast.Module, function: ast.FunctionDef, error: str) -> Edits:
    """A list that was taken to be of tensors, of what is appended to it."""
    edits = Edits(change.text, tree)
    found = _APPENDED.search(error)
    for node in nodes_of(ast.AnnAssign, function) if found is not None else ():
        if edits.source(node.annotation) == "list[torch.Tensor]" and found is not None:
            edits.replace(node.annotation, f"list[{found['kind']}]")
    return edits


_APPENDED: Final = re.compile(r"'el' but instead found type '(?P<kind>int|float|bool|str)'")


def _is_empty(node: ast.expr) -> bool:
    return (isinstance(node, ast.List) and not node.elts) or (isinstance(node, ast.Dict) and not node.keys)


def typed_lists(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Iterator[Edits]:
    """What `tolist` gives, with its type said: a script reads it from there."""
    for kind in ("list[int]", "list[float]", "list[bool]", "list[list[int]]", "list[list[float]]"):
        # Fractions of whichever type are the same ones in double precision.
        for cast in (".double()", "") if "float" in kind else ("",):
            edits = Edits(change.text, tree)
            for block in blocks_of(function):
                for statement in block:
                    _type_lists(edits, statement, kind, cast)
            yield edits


def _type_lists(edits: Edits, statement: ast.stmt, kind: str, cast: str) -> None:
    heads = [each for each in ast.iter_child_nodes(statement) if not isinstance(each, ast.stmt)]
    if isinstance(statement, ast.FunctionDef | ast.While | ast.AnnAssign):
        return
    calls = [
        node
        for node in nodes_of(ast.Call, *heads)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "tolist"
    ]
    if len(calls) != 1:
        return
    call = calls[0]
    assert isinstance(call.func, ast.Attribute)
    if isinstance(statement, ast.Assign) and statement.value is call:
        if isinstance(statement.targets[0], ast.Name):
            edits.insert_after(statement.targets[0], f": {kind}")
            edits.insert_after(call.func.value, cast)
        return
    source = f"{edits.source(call.func.value)}{cast}.tolist()"
    name = free_name(edits.text, "numbers_read")
    edits.insert_lines(statement.lineno - 1, [f"{' ' * statement.col_offset}{name}: {kind} = {source}"])
    edits.replace(call, name)


def with_numbers_cast(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Iterator[Edits]:
    """`x.item()`, whose kind no script knows, as a fraction or a whole number."""
    for kind in ("float", "int"):
        edits = Edits(change.text, tree)
        for call in nodes_of(ast.Call, function):
            if isinstance(call.func, ast.Attribute) and call.func.attr == "item" and not call.args:
                edits.replace(call, f"{kind}({edits.source(call.func.value)})")
        yield edits


def with_plain_constructors(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`torch.Tensor([n])` as `torch.tensor([float(n)])`, which is of the default type too."""
    edits = Edits(change.text, tree)
    for call in nodes_of(ast.Call, function):
        if called_name(call.func) != "torch.Tensor" or call.keywords or len(call.args) != 1:
            continue
        match call.args[0]:
            case ast.List(elts=held):
                numbers = held
            case ast.ListComp(elt=each):
                numbers = [each]
            case _:
                continue
        if not numbers or any(isinstance(each, ast.List | ast.Starred) for each in numbers):
            continue
        edits.replace(call.func, "torch.tensor")
        for each in numbers:
            edits.insert_before(each, "float(")
            edits.insert_after(each, ")")
    return edits


def without_ranges(change: Change, tree: ast.Module) -> Edits:
    """Functions that give a range, which is no type of a script, with a list of its numbers."""
    edits = Edits(change.text, tree)
    for function in nodes_of(ast.FunctionDef, tree):
        given = [each.value for each in nodes_of(ast.Return, function)]
        if function.returns is None or called_name(function.returns) != "range":
            continue
        if not all(isinstance(each, ast.Call) and called_name(each.func) == "range" for each in given):
            continue
        edits.replace(function.returns, "list[int]")
        for each in given:
            if each is not None:
                edits.insert_before(each, "list(")
                edits.insert_after(each, ")")
    return edits
