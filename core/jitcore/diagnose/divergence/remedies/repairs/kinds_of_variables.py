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
    statement_holding,
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
    kind = None if found is None else _as_written(found["kind"])
    if kind is None:
        return edits
    appended = _appended_at(function, error)
    for node in nodes_of(ast.AnnAssign, function):
        is_meant = appended in (None, called_name(node.target))
        if is_meant and edits.source(node.annotation) == "list[torch.Tensor]":
            edits.replace(node.annotation, f"list[{kind}]")
    for node in nodes_of(ast.Assign, function):
        is_empty = isinstance(node.value, ast.List) and not node.value.elts
        if is_empty and appended is not None and called_name(node.targets[0]) == appended:
            edits.insert_after(node.targets[0], f": list[{kind}]")
    return edits


_APPENDED: Final = re.compile(r"Could not match type (?P<kind>.+?) to t in argument 'el'")
_LINE: Final = re.compile(r'File "[^"]+", line (?P<line>\d+)')


def _as_written(kind: str) -> str | None:
    """A type that the compiler names as a program writes it; None for one of which none is known."""
    written = kind.replace("List[", "list[").replace("Tuple[", "tuple[").replace("Dict[", "dict[")
    written = re.sub(r"\bTensor\b", "torch.Tensor", written)
    return written if re.fullmatch(r"[\w., \[\]]+", written) and "number" not in written else None


def _appended_at(function: ast.FunctionDef, error: str) -> str | None:
    """The list that is appended to where an error points."""
    found = _LINE.search(error)
    line = 0 if found is None else int(found["line"])
    for call in nodes_of(ast.Call, function):
        named = call.func
        if isinstance(named, ast.Attribute) and named.attr == "append" and call.lineno == line:
            return called_name(named.value) or None
    return None


def _is_empty(node: ast.expr) -> bool:
    return (isinstance(node, ast.List) and not node.elts) or (isinstance(node, ast.Dict) and not node.keys)


def optional(change: Change, tree: ast.Module, function: ast.FunctionDef, error: str) -> Edits:
    """A variable that is None until it is given a tensor, said to be either; and not None any more where a
    tensor is needed."""
    edits = Edits(change.text, tree)
    found = _NONE_BEFORE.search(error)
    nones = {
        called_name(node.target if isinstance(node, ast.AnnAssign) else node.targets[0])
        for node in nodes_of(ast.stmt, function)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Constant)
        and node.value.value is None
    } - {""}
    if found is not None or "'NoneType' object has no attribute" in error:
        for node in nodes_of(ast.Assign, function):
            is_none = isinstance(node.value, ast.Constant) and node.value.value is None
            name = called_name(node.targets[0])
            if is_none and name.isidentifier() and (found is None or name == found["name"]):
                edits.insert_after(node.targets[0], ": torch.Tensor | None")
        return edits
    line = _LINE.search(error)
    statement = None if line is None else statement_holding(function, int(line["line"]))
    if "Optional[Tensor]" in error and isinstance(
        statement, ast.Assign | ast.Return | ast.AugAssign | ast.Expr
    ):
        loaded, _ = names_in([statement])
        indent = " " * statement.col_offset
        needed = [f"{indent}assert {name} is not None" for name in sorted(nones & loaded)]
        if needed:
            edits.insert_lines(statement.lineno - 1, needed)
    return edits


_NONE_BEFORE: Final = re.compile(
    r"Variable '(?P<name>\w+)' previously had type NoneType but is now being assigned to a value of type Ten"
)


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


def with_whole_rounding(change: Change, tree: ast.Module) -> Edits:
    """`round(x)`, which gives a fraction in a script, as a whole number."""
    edits = Edits(change.text, tree)
    for function in nodes_of(ast.FunctionDef, tree):
        for call in nodes_of(ast.Call, function):
            if called_name(call.func) == "round" and len(call.args) == 1 and not call.keywords:
                edits.insert_before(call, "int(")
                edits.insert_after(call, ")")
    return edits


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
