"""Order by keys that a function without a name gives, which no script compiles."""

from __future__ import annotations

import ast
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    evaluated_later,
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
    """`sorted(items, key=lambda each: ...)` by a list of the keys, which are numbers, and their order,
    and `items.sort(key=lambda each: ...)`; `max` and `min` of items by such a key as the first one that no
    other is beyond."""
    edits = Edits(change.text, tree)
    holder = top_of(tree, function.lineno)
    for call in nodes_of(ast.Call, function) if holder is not None else ():
        named = {each.arg: each.value for each in call.keywords}
        name, key = called_name(call.func), named.pop("key", None)
        statement = statement_holding(function, call.lineno)
        # A list that is sorted where it is becomes another one with the name.
        sorts = isinstance(statement, ast.Expr) and statement.value is call and name.endswith(".sort")
        given = call.args
        if sorts and not given and isinstance(call.func, ast.Attribute):
            name, given = "sorted", [call.func.value]
        falling = named.pop("reverse", None) if name == "sorted" else None
        if name not in ("sorted", "max", "min") or len(given) != 1 or named:
            continue
        read = _read_by(edits, key)
        if read is None:
            continue
        if not isinstance(statement, ast.Assign | ast.Return | ast.Expr) or evaluated_later(statement, call):
            continue
        assert holder is not None
        indent, text = " " * statement.col_offset, edits.source(function)
        items, keys, each = free_name(text, "items"), free_name(text, "keys"), free_name(text, "each")
        edits.insert_lines(
            statement.lineno - 1,
            [
                f"{indent}{items} = [{each} for {each} in {edits.source(given[0])}]",
                f"{indent}{keys} = [float({read[1]}) for {read[0]} in {items}]",
            ],
        )
        if name == "sorted":
            asked = "False" if falling is None else edits.source(falling)
            before = f"{edits.source(given[0])} = " if sorts else ""
            edits.replace(call, f"{before}[{items}[{each}] for {each} in _order_of({keys}, {asked})]")
            code = _ORDER
        else:
            edits.replace(call, f"{items}[_place_of_first({keys}, {name == 'max'})]")
            code = _FIRST
        lines = code.strip("\n").split("\n")
        if lines[0] not in change.text:
            edits.insert_lines(first_line(holder) - 1, [*lines, "", ""])
        return edits
    return edits


def _read_by(edits: Edits, key: ast.expr | None) -> tuple[str, str] | None:
    """A name for an element and the key of it: of a function without a name that has one parameter, of one
    with a name, or of `itemgetter(n)` and `attrgetter("name")`."""
    match key:
        case ast.Lambda(args=ast.arguments(args=[each], defaults=[]), body=body):
            return each.arg, edits.source(body)
        case ast.Call(func=called, args=[ast.Constant(value=place)], keywords=[]):
            name = called_name(called).rpartition(".")[2]
            if name == "itemgetter":
                return "each", f"each[{place!r}]"
            return ("each", f"each.{place}") if name == "attrgetter" else None
        case ast.Name() | ast.Attribute():
            return "each", f"{edits.source(key)}(each)"
        case _:
            return None
