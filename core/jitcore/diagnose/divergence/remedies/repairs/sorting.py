"""Order by keys that a function without a name gives, which no script compiles."""

from __future__ import annotations

import ast
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    first_line,
    free_name,
    nodes_of,
    statement_holding,
    top_of,
)

_ORDER: Final = """
def _order_of(keys: list[float], is_falling: bool) -> list[int]:
    order: list[int] = []
    for place in range(len(keys)):
        at = len(order)
        while at > 0 and (
            keys[place] > keys[order[at - 1]] if is_falling else keys[place] < keys[order[at - 1]]
        ):
            at = at - 1
        order.insert(at, place)
    return order
"""

_FIRST: Final = """
def _place_of_first(keys: list[float], is_largest: bool) -> int:
    found = 0
    for place in range(len(keys)):
        if keys[place] > keys[found] if is_largest else keys[place] < keys[found]:
            found = place
    return found
"""


def with_keys(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """`sorted(items, key=lambda each: ...)` by a list of the keys, which are numbers, and their order; `max`
    and `min` of items by such a key as the first one that no other is beyond."""
    edits = Edits(change.text, tree)
    holder = top_of(tree, function.lineno)
    for call in nodes_of(ast.Call, function) if holder is not None else ():
        named = {each.arg: each.value for each in call.keywords}
        name, key = called_name(call.func), named.pop("key", None)
        falling = named.pop("reverse", None) if name == "sorted" else None
        if name not in ("sorted", "max", "min") or len(call.args) != 1 or named:
            continue
        if not isinstance(key, ast.Lambda) or len(key.args.args) != 1 or key.args.defaults:
            continue
        statement = statement_holding(function, call.lineno)
        if not isinstance(statement, ast.Assign | ast.Return) or _is_in_loop(statement, call):
            continue
        assert holder is not None
        indent, text = " " * statement.col_offset, edits.source(function)
        items, keys, each = free_name(text, "items"), free_name(text, "keys"), free_name(text, "each")
        edits.insert_lines(
            statement.lineno - 1,
            [
                f"{indent}{items} = [{each} for {each} in {edits.source(call.args[0])}]",
                f"{indent}{keys} = [float({edits.source(key.body)}) for {key.args.args[0].arg} in {items}]",
            ],
        )
        if name == "sorted":
            asked = "False" if falling is None else edits.source(falling)
            edits.replace(call, f"[{items}[{each}] for {each} in _order_of({keys}, {asked})]")
            code = _ORDER
        else:
            edits.replace(call, f"{items}[_place_of_first({keys}, {name == 'max'})]")
            code = _FIRST
        lines = code.strip("\n").split("\n")
        if lines[0] not in change.text:
            edits.insert_lines(first_line(holder) - 1, [*lines, "", ""])
        return edits
    return edits


def _is_in_loop(statement: ast.stmt, call: ast.Call) -> bool:
    """Whether a call is evaluated by what may evaluate it several times, or not at all."""
    return any(
        any(each is call for each in ast.walk(part))
        for part in nodes_of(ast.expr, statement)
        if isinstance(part, _LATER)
    )


_LATER: Final = (ast.IfExp, ast.BoolOp, ast.Lambda, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)
