"""Calls of operators that passes put into a graph, with the overload that TorchScript would choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir import Value, made_from
from jitcore.ops.builtins import emit_builtin
from jitcore.ops.named_values import NamedValue
from jitcore.types import BOOL, FLOAT, INT, NONE

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node

Argument = Value | bool | int | float | None


def insert_call(graph: Graph, kind: str, arguments: list[Argument], *origins: Node) -> Value:
    """Call an operator at the insert point; what is made for it is made from the nodes `origins`.

    Numbers become constants as often as an overload is tried, as in libtorch (`Graph::insert`), so that
    values get the same numbers. Raises `SourceError` if no overload fits.
    """
    before = graph.insert_point.prev
    result = emit_builtin(graph, None, kind, [_named(argument) for argument in arguments])
    mark_origin(graph, before, *origins)
    return result


def insert_call_with_keywords(
    graph: Graph, kind: str, arguments: list[Argument], keywords: dict[str, Value], *origins: Node
) -> Value:
    """As `insert_call`, with values for arguments by name."""
    before = graph.insert_point.prev
    named = [NamedValue(value, name) for name, value in keywords.items()]
    result = emit_builtin(graph, None, kind, [_named(argument) for argument in arguments], named)
    mark_origin(graph, before, *origins)
    return result


def mark_origin(graph: Graph, before: Node | None, *origins: Node) -> None:
    """Say of the nodes between `before` and the insert point that they were made from `origins`."""
    made = graph.insert_point.prev
    provenance = made_from(*origins)
    while made is not None and made is not before:
        made.set_provenance(provenance)
        made = made.prev


def _named(argument: Argument) -> NamedValue:
    if isinstance(argument, Value):
        return NamedValue(argument)
    if argument is None:
        return NamedValue.of_constant(None, NONE)
    kind = BOOL if isinstance(argument, bool) else INT if isinstance(argument, int) else FLOAT
    return NamedValue.of_constant(argument, kind)
