"""Decisions on data as `torch.where`, which computes both arms and takes by value."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import (
    blocks_of,
    called_name,
    functions_around,
    last_line,
    nodes_of,
)

_SUMMARY: Final = "compute both arms and choose with torch.where, which decides in each call"


def by_where(file: str, text: str, tree: ast.Module, line: int) -> Iterator[Change]:
    """The decision at a line of the innermost function, taken by an operator."""
    functions = functions_around(tree, line)
    if not functions:
        return
    for node in nodes_of(ast.IfExp, functions[0]):
        if node.lineno <= line <= last_line(node):
            edits = Edits(text, tree)
            test = mask_of(edits, node.test)
            both = f"{edits.source(node.body)}, {edits.source(node.orelse)}"
            edits.replace(node, f"torch.where({test}, {both})")
            yield Change(_SUMMARY, file, edits.applied())
    for block in blocks_of(functions[0]):
        for at, node in enumerate(block):
            if isinstance(node, ast.If) and node.lineno <= line <= last_line(node.test):
                new = _chosen(Edits(text, tree), node, block[at + 1 :])
                if new is not None:
                    edits = Edits(text, tree)
                    first, last, code = new
                    edits.replace_lines(first, last, [f"{' ' * node.col_offset}{each}" for each in code])
                    yield Change(_SUMMARY, file, edits.applied())


def _chosen(edits: Edits, node: ast.If, after: list[ast.stmt]) -> tuple[int, int, list[str]] | None:
    """First and last line of what is replaced, and by which statements."""
    test = mask_of(edits, node.test)
    match node.body, node.orelse or after[:1]:
        case [ast.Return(value=one)], [ast.Return(value=other) as end] if (
            one is not None and other is not None
        ):
            both = f"{edits.source(one)}, {edits.source(other)}"
            return node.lineno, last_line(end), [f"return torch.where({test}, {both})"]
        case _:
            pass
    arms = [_assigned(edits, arm) for arm in (node.body, node.orelse)]
    if None in arms or not arms[0]:
        return None
    one, other = (arm or {} for arm in arms)
    code = [
        f"{name} = torch.where({test}, {one.get(name, name)}, {other.get(name, name)})"
        for name in dict.fromkeys([*one, *other])
    ]
    if len(code) > 1:
        code = [f"chosen = {test}", *(each.replace(f"({test},", "(chosen,", 1) for each in code)]
    return node.lineno, last_line(node), code


def _assigned(edits: Edits, arm: list[ast.stmt]) -> dict[str, str] | None:
    """What an arm gives to which names; None where it does anything else."""
    found: dict[str, str] = {}
    for each in arm:
        if isinstance(each, ast.Assign) and len(each.targets) == 1 and isinstance(each.targets[0], ast.Name):
            found[each.targets[0].id] = edits.source(each.value)
        elif isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name):
            sign = _SIGNS.get(type(each.op))
            if sign is None:
                return None
            found[each.target.id] = f"{each.target.id} {sign} {edits.source(each.value)}"
        elif not isinstance(each, ast.Pass):
            return None
    return found


_SIGNS: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}


def mask_of(edits: Edits, test: ast.expr) -> str:
    """A condition as a tensor."""
    if isinstance(test, ast.Call) and called_name(test.func) in ("bool", "float", "int") and test.args:
        return mask_of(edits, test.args[0])
    if isinstance(test, ast.Call) and isinstance(test.func, ast.Attribute) and test.func.attr == "item":
        return mask_of(edits, test.func.value)
    if isinstance(test, ast.BoolOp):
        sign = " & " if isinstance(test.op, ast.And) else " | "
        return sign.join(f"({mask_of(edits, each)})" for each in test.values)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return f"~({mask_of(edits, test.operand)})"
    if isinstance(test, ast.Compare) and len(test.ops) > 1:
        parts = [test.left, *test.comparators]
        compared: list[str] = []
        for one, other in itertools.pairwise(parts):
            end = edits.at(one.end_lineno or 0, one.end_col_offset or 0)
            sign = edits.text[end : edits.at(other.lineno, other.col_offset)]
            compared.append(f"({edits.source(one)}{sign}{edits.source(other)})")
        return " & ".join(compared)
    text = edits.source(test)
    return text.replace(".item()", "")
