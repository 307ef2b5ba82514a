"""What keeps a person's function from being compiled, mended one by one, by what the compiler says of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import torch

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.draws import draws, redraw
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.rewriting import Rewriter
from jitcore.diagnose.divergence.remedies.situation import Situation, annotation_of
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    class_named,
    class_of,
    first_line,
    free_name,
    functions_around,
    globals_of,
    last_line,
    names_in,
    nodes_of,
    owner_of,
    statement_holding,
    top_of,
)
from jitcore.diagnose.divergence.remedies.writes import arrays_as_tensors

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
    if "failed in the TorchScript interpreter" in error:
        made.append(_sums_as_tensors(change, tree))
    made.append(_annotated_as_called(change, tree, error))
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
            yield replace(change, text=text, is_other=change.is_other or draws(edits.text) != draws(text))


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
            if class_of(tree, function) is not None:
                yield _with_globals(change, tree, *_methods(tree, function))
        if retyped is not None:
            yield _as_tensor(change, tree, function, retyped["name"])
        if "break or continue" in error:
            yield _without_continue(change, tree, function)
        yield _retyped_list(change, tree, function, error)
        yield _initialised(change, tree, error)
        yield _with_final(change, tree, error)
        if "tolist" in error:
            yield from _typed_lists(change, tree, function)
        yield _with_limits(change, tree, function)
        yield _reduced(change, tree, function)
        yield _without_stars(change, tree, function, line)
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


def _annotated_as_called(change: Change, tree: ast.Module, error: str) -> Edits:
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


# --- names ------------------------------------------------------------------------------------------


def _methods(tree: ast.Module, function: ast.FunctionDef) -> list[ast.FunctionDef]:
    """The methods of the class that a method is of."""
    holder = class_of(tree, function)
    return [] if holder is None else [each for each in holder.body if isinstance(each, ast.FunctionDef)]


def _with_globals(change: Change, tree: ast.Module, *functions: ast.FunctionDef) -> Edits:
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


def _with_final(change: Change, tree: ast.Module, error: str) -> Edits:
    """A constant of a class, which a script sees if it is said to be final."""
    edits = Edits(change.text, tree)
    missing = _MISSING.search(error)
    if missing is None:
        return edits
    for holder in nodes_of(ast.ClassDef, tree):
        for node in holder.body:
            if not isinstance(node, ast.Assign):
                continue
            for target in node.targets:
                value = node.value
                if not isinstance(target, ast.Name) or not isinstance(value, ast.Constant):
                    continue
                if target.id == missing["name"] and len(node.targets) == 1:
                    kind = type(value.value).__name__
                    edits.insert_after(target, f": torch.jit.Final[{kind}]")
    return edits


_MISSING: Final = re.compile(r"has no attribute '(?P<name>\w+)'")


def _initialised(change: Change, tree: ast.Module, error: str) -> Edits:
    """A class of which a script makes an object has an `__init__`."""
    edits = Edits(change.text, tree)
    named = _WITHOUT_INIT.search(error)
    holder = None if named is None else class_named(tree, named["name"])
    if holder is not None:
        indent = " " * holder.body[0].col_offset
        edits.insert_lines(
            first_line(holder.body[0]) - 1, [f"{indent}def __init__(self):", f"{indent}    pass", ""]
        )
    return edits


_WITHOUT_INIT: Final = re.compile(r"Class (?P<name>\w+) does not have an __init__")


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


def _sums_as_tensors(change: Change, tree: ast.Module) -> Edits:
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


def _empty_typed(change: Change, tree: ast.Module, function: ast.FunctionDef, situation: Situation) -> Edits:
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


def _retyped_list(change: Change, tree: ast.Module, function: ast.FunctionDef, error: str) -> Edits:
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


def _typed_lists(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Iterator[Edits]:
    """What `tolist` gives, with its type said: a script reads it from there."""
    for kind in ("list[int]", "list[float]", "list[bool]", "list[list[int]]", "list[list[float]]"):
        edits = Edits(change.text, tree)
        for block in _blocks(function):
            for statement in block:
                _type_lists(edits, statement, kind)
        yield edits


def _type_lists(edits: Edits, statement: ast.stmt, kind: str) -> None:
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
    if isinstance(statement, ast.Assign) and statement.value is call:
        if isinstance(statement.targets[0], ast.Name):
            edits.insert_after(statement.targets[0], f": {kind}")
        return
    name = free_name(edits.text, "numbers_read")
    edits.insert_lines(
        statement.lineno - 1, [f"{' ' * statement.col_offset}{name}: {kind} = {edits.source(call)}"]
    )
    edits.replace(call, name)


def _blocks(function: ast.FunctionDef) -> list[list[ast.stmt]]:
    return [
        block
        for node in ast.walk(function)
        for name in ("body", "orelse")
        if isinstance(block := getattr(node, name, None), list)
    ]


def _with_limits(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """What `torch.finfo` says of an element type, by a function that a script compiles."""
    edits = Edits(change.text, tree)
    wanted: set[str] = set()
    for node in nodes_of(ast.Attribute, function):
        asked = node.value
        if node.attr in _LIMITS and isinstance(asked, ast.Call) and called_name(asked.func) == "torch.finfo":
            wanted.add(node.attr)
            edits.replace(node, f"_finfo_{node.attr}({edits.source(asked.args[0])})")
    holder = top_of(tree, function.lineno)
    for name in sorted(wanted):
        if holder is None or f"def _finfo_{name}(" in change.text:
            continue
        code = [f"def _finfo_{name}(dtype: torch.dtype) -> float:"]
        for kind in (torch.float16, torch.bfloat16, torch.float32):
            code += [
                f"    if dtype == {kind}:",
                f"        return {float(getattr(torch.finfo(kind), name))!r}",
            ]
        code += [f"    return {float(getattr(torch.finfo(torch.float64), name))!r}", "", ""]
        edits.insert_lines(first_line(holder) - 1, code)
    return edits


_LIMITS: Final = ("min", "max", "eps", "tiny")


def _without_stars(change: Change, tree: ast.Module, function: ast.FunctionDef, line: int) -> Edits:
    """`first, *others = rows` by places."""
    edits = Edits(change.text, tree)
    statement = statement_holding(function, line)
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Tuple):
        return edits
    targets = statement.targets[0].elts
    starred = [at for at, each in enumerate(targets) if isinstance(each, ast.Starred)]
    if starred != [len(targets) - 1]:
        return edits
    value = edits.source(statement.value)
    parts = [*(f"{value}[{at}]" for at in range(len(targets) - 1)), f"{value}[{len(targets) - 1} :]"]
    names = [edits.source(each).lstrip("*") for each in targets]
    edits.replace(statement, f"{', '.join(names)} = {', '.join(parts)}")
    return edits


def _reduced(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`functools.reduce` as the loop that it is."""
    edits = Edits(change.text, tree)
    for block in _blocks(function):
        for statement in block:
            for call in (
                nodes_of(ast.Call, statement) if isinstance(statement, ast.Assign | ast.Return) else ()
            ):
                if called_name(call.func).rpartition(".")[2] != "reduce" or len(call.args) != 3:
                    continue
                step, items, start = (edits.source(each) for each in call.args)
                indent = " " * statement.col_offset
                code = [f"{indent}reduced = {start}", f"{indent}for each in {items}:"]
                code.append(f"{indent}    reduced = {step}(reduced, each)")
                edits.insert_lines(statement.lineno - 1, code)
                edits.replace(call, "reduced")
                return edits
    return edits


def _without_continue(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """What a loop leaves out by `continue`, below a condition."""
    edits = Edits(change.text, tree)
    lines = change.text.split("\n")
    for loop in (node for node in nodes_of(ast.For, function)):
        for at, each in enumerate(loop.body):
            rest = loop.body[at + 1 :]
            is_left = isinstance(each, ast.If) and len(each.body) == 1 and not each.orelse
            if not isinstance(each, ast.If) or not is_left or not isinstance(each.body[0], ast.Continue):
                continue
            if not rest:
                continue
            indent = " " * each.col_offset
            first, last = first_line(rest[0]), last_line(rest[-1])
            code = [f"    {line}" if line.strip() else line for line in lines[first - 1 : last]]
            edits.replace_lines(each.lineno, last, [f"{indent}if not ({edits.source(each.test)}):", *code])
            return edits
    return edits


# --- comprehensions ---------------------------------------------------------------------------------


def _with_lists(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
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


def _unrolled(
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
    edits.replace(
        made, f"({name})" if source.startswith("(") and isinstance(made, ast.GeneratorExp) else name
    )
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
