"""What keeps a person's function from being compiled, mended one by one, by what the compiler says of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.draws import redraw
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.situation import Situation, annotation_of
from jitcore.diagnose.divergence.remedies.syntax import (
    functions_around,
    globals_of,
    names_in,
    nodes_of,
    owner_of,
    statement_holding,
)
from jitcore.diagnose.divergence.remedies.writes import arrays_as_tensors
from jitcore.diagnose.divergence.remedies.rewriting import Rewriter

_PLACE: Final = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')
_RETYPED: Final = re.compile(r"Variable '(?P<name>\w+)' previously had type (?:float|int|bool)")


def repaired(change: Change, error: str, situation: Situation) -> Iterator[Change]:
    """The change with what the compiler stumbles over written as it reads it; the likeliest mend first."""
    try:
        tree = ast.parse(change.text)
    except (SyntaxError, ValueError):
        return
    lines = [int(each["line"]) for each in _PLACE.finditer(error) if each["file"] == change.file]
    made: list[Edits] = []
    if lines:
        made += _at_line(change, tree, error, lines, situation)
    made.append(_annotated(change, tree, situation, _named(tree, error, lines)))
    made.append(_annotated(change, tree, situation, list(nodes_of(ast.FunctionDef, tree))))
    seen = {change.text}
    for edits in made:
        if edits.are_none:
            continue
        try:
            text = edits.applied()
            ast.parse(text)
        except (SyntaxError, ValueError):
            continue
        if text not in seen:
            seen.add(text)
            yield Change(change.summary, change.file, text)


def _named(tree: ast.Module, error: str, lines: list[int]) -> list[ast.FunctionDef]:
    """The functions that an error names or points into."""
    found = [
        node for node in nodes_of(ast.FunctionDef, tree) if re.search(rf"\b{re.escape(node.name)}\b", error)
    ]
    found += [function for line in lines for function in functions_around(tree, line)]
    return list(dict.fromkeys(found))


def _at_line(
    change: Change, tree: ast.Module, error: str, lines: list[int], situation: Situation
) -> Iterator[Edits]:
    retyped = _RETYPED.search(error)
    for line in dict.fromkeys([*reversed(lines), *lines]):
        functions = functions_around(tree, line)
        if not functions:
            continue
        function = functions[0]
        if "closed over global variable" in error or "undefined value" in error:
            yield _with_globals(change, tree, function)
        if retyped is not None:
            yield _as_tensor(change, tree, function, retyped["name"])
        yield _empty_typed(change, tree, function, situation)
        yield _with_lists(change, tree, function)
        yield _unrolled(change, tree, function, line, situation)
        edits = Edits(change.text, tree)
        redraw(edits, function, as_numbers=True)
        yield edits
        edits = Edits(change.text, tree)
        Rewriter(change.text, tree, arrays_as_tensors).apply(edits, [function])
        yield edits


# --- annotations ------------------------------------------------------------------------------------


def _annotated(
    change: Change, tree: ast.Module, situation: Situation, functions: list[ast.FunctionDef]
) -> Edits:
    """Types of what functions are given that is no tensor, as it was seen."""
    edits = Edits(change.text, tree)
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
            kind = annotation_of(call.arguments.get(each.arg))
            if kind is not None:
                edits.insert_after(each, f": {kind}")
    return edits


# --- names ------------------------------------------------------------------------------------------


def _with_globals(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """Numbers and texts of the file as defaults of parameters, which are evaluated where it is defined; lists
    and dicts written out in the function."""
    edits = Edits(change.text, tree)
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
            if literal is not None and isinstance(literal, ast.List | ast.Dict | ast.Tuple):
                first = function.body[0]
                indent = " " * first.col_offset
                edits.insert_lines(first.lineno - 1, [f"{indent}{name} = {edits.source(literal)}"])
    return edits


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


# --- types ------------------------------------------------------------------------------------------


def _as_tensor(change: Change, tree: ast.Module, function: ast.FunctionDef, name: str) -> Edits:
    """A number that becomes a tensor later is one from the start."""
    edits = Edits(change.text, tree)
    for node in nodes_of(ast.Assign, function):
        target = node.targets[0]
        if isinstance(target, ast.Name) and target.id == name:
            edits.replace(node.value, f"torch.tensor({edits.source(node.value)})")
            break
    return edits


def _empty_typed(
    change: Change, tree: ast.Module, function: ast.FunctionDef, situation: Situation
) -> Edits:
    """Lists and dicts that start empty, with the type of what they come to hold."""
    edits = Edits(change.text, tree)
    variables: dict[str, Any] = {}
    for (file, _), call in situation.calls.items():
        if file == change.file and (call.code.co_name == function.name or function.name.endswith("_scripted")):
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


def _is_empty(node: ast.expr) -> bool:
    return (isinstance(node, ast.List) and not node.elts) or (isinstance(node, ast.Dict) and not node.keys)


# --- comprehensions ---------------------------------------------------------------------------------


def _with_lists(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """Generators that are given to a call as lists."""
    edits = Edits(change.text, tree)
    for call in nodes_of(ast.Call, function):
        if len(call.args) == 1 and isinstance(call.args[0], ast.GeneratorExp):
            node = call.args[0]
            source = edits.source(node)
            inner = source[1:-1] if source.startswith("(") else source
            edits.replace(node, f"([{inner}])" if source.startswith("(") else f"[{inner}]")
    return edits


def _unrolled(
    change: Change, tree: ast.Module, function: ast.FunctionDef, line: int, situation: Situation
) -> Edits:
    """A list that is made by a comprehension, filled in a loop."""
    edits = Edits(change.text, tree)
    statement = statement_holding(function, line)
    if statement is None or isinstance(statement, ast.FunctionDef | ast.For | ast.While | ast.If):
        return edits
    found = [node for node in nodes_of(ast.expr, statement) if isinstance(node, ast.ListComp | ast.GeneratorExp)]
    if not found:
        return edits
    made = found[0]
    indent = " " * statement.col_offset
    kind = _kind_of_elements(statement, made, situation, change.file)
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
    edits.replace(made, f"({name})" if source.startswith("(") and isinstance(made, ast.GeneratorExp) else name)
    return edits


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
