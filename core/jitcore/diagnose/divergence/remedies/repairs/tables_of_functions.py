"""Dicts and lists of functions, which no script looks into, as functions that compare the key with each."""

from __future__ import annotations

import ast

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import called_name, first_line, free_name, nodes_of, top_of


def with_functions_chosen(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`TABLE[key](x)`, where the file has `TABLE = {0: one, 1: other}` or a list, by a function that calls
    the one that the key names. What is passed on is taken to be tensors."""
    edits = Edits(change.text, tree)
    holder = top_of(tree, function.lineno)
    code: dict[str, list[str]] = {}
    for call in nodes_of(ast.Call, function) if holder is not None else ():
        chosen = call.func
        if not isinstance(chosen, ast.Subscript) or call.keywords:
            continue
        name = called_name(chosen.value)
        entries = _entries(tree, name)
        if not entries:
            continue
        helper = free_name(change.text, f"_{name.strip('_').lower()}_called")
        code.setdefault(helper, _code(helper, edits, entries, len(call.args)))
        given = ", ".join(edits.source(each) for each in (chosen.slice, *call.args))
        edits.replace(call, f"{helper}({given})")
    for lines in code.values():
        assert holder is not None
        edits.insert_lines(first_line(holder) - 1, lines)
    return edits


def _entries(tree: ast.Module, name: str) -> list[tuple[int | str, ast.expr]]:
    """Keys and functions of a table at the top of a file that gets no other value."""
    stored = [
        node for node in nodes_of(ast.Name, tree) if node.id == name and isinstance(node.ctx, ast.Store)
    ]
    values = [
        each.value
        for each in tree.body
        if isinstance(each, ast.Assign | ast.AnnAssign)
        and called_name(each.target if isinstance(each, ast.AnnAssign) else each.targets[0]) == name
    ]
    if not name or len(stored) != 1 or len(values) != 1 or _is_changed(tree, name):
        return []
    match values[0]:
        case ast.Dict(keys=keys, values=functions):
            written = [each.value if isinstance(each, ast.Constant) else None for each in keys]
        case ast.List(elts=functions) | ast.Tuple(elts=functions):
            written = list(range(len(functions)))
        case _:
            return []
    # Of two, by a truth, an operator chooses.
    known = [each for each in written if isinstance(each, int | str) and not isinstance(each, bool)]
    is_whole = len({type(each) for each in known}) == 1 and len(known) == len(functions)
    return list(zip(known, functions, strict=True)) if is_whole and all(map(called_name, functions)) else []


def _is_changed(tree: ast.Module, name: str) -> bool:
    """Whether an entry of a table is set, or a method of it called."""
    return any(
        isinstance(node, ast.Subscript | ast.Attribute)
        and called_name(node.value) == name
        and (isinstance(node, ast.Attribute) or isinstance(node.ctx, ast.Store | ast.Del))
        for node in ast.walk(tree)
    )


def _code(name: str, edits: Edits, entries: list[tuple[int | str, ast.expr]], count: int) -> list[str]:
    """The lines of a function that calls the one that a key names."""
    given = [f"given{number}" if count > 1 else "given" for number in range(count)]
    kind = type(entries[0][0]).__name__
    code = [f"def {name}({', '.join([f'key: {kind}', *given])}):"]
    for key, called in entries:
        code += [f"    if key == {key!r}:", f"        return {edits.source(called)}({', '.join(given)})"]
    return [*code, "    raise KeyError(str(key))", "", ""]
