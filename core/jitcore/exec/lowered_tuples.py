"""Fits arguments and results of a function to a graph of it whose tuples have been lowered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from jitcore.types import TupleType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir import Graph, Value
    from jitcore.types import FunctionSchema, Type


def lower_arguments(schema: FunctionSchema, graph: Graph, arguments: Sequence[Any]) -> list[Any]:
    """One value per input of `graph`: tuples are taken apart where the graph has their parts as inputs."""
    lowered: list[Any] = []
    for argument, value in zip(schema.arguments, arguments, strict=True):
        _take_apart(argument.type, value, graph.inputs, lowered)
    return lowered


def _take_apart(declared: Type, value: Any, inputs: Sequence[Value], into: list[Any]) -> None:
    if not isinstance(declared, TupleType) or not _is_lowered(inputs, len(into)):
        into.append(value)
        return
    for part, item in zip(declared.parts, cast("tuple[Any, ...]", value), strict=True):
        _take_apart(part, item, inputs, into)


def raise_results(schema: FunctionSchema, graph: Graph, results: Sequence[Any]) -> Any:
    """The value that the function gives, put together of the results of `graph`."""
    if not schema.returns or len(schema.returns) != 1:
        return results[0] if len(results) == 1 else tuple(results)
    raised, _ = _put_together(schema.returns[0].type, graph.outputs, results, 0)
    return raised


def _put_together(
    declared: Type, outputs: Sequence[Value], results: Sequence[Any], place: int
) -> tuple[Any, int]:
    if not isinstance(declared, TupleType) or not _is_lowered(outputs, place):
        return results[place], place + 1
    items: list[Any] = []
    for part in declared.parts:
        item, place = _put_together(part, outputs, results, place)
        items.append(item)
    return tuple(items), place


def _is_lowered(values: Sequence[Value], place: int) -> bool:
    """Whether something else than a tuple stands at `place`."""
    return place >= len(values) or not isinstance(values[place].type, TupleType)
