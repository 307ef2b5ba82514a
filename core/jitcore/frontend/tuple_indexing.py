"""Items and slices of tuples, whose places have to be known now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.frontend import building
from jitcore.ops.conversions import convertible_to_list
from jitcore.types import INT, ListType, TupleType

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.ir import Value
    from jitcore.source import SourceRange

_LEAST = -(1 << 63)


def tuple_item(lowering: Lowering, at: SourceRange, value: Value, index: Value) -> Value:
    """`t[i]`; `i` may be computed at run time if all elements are of one type."""
    kind = value.type
    assert isinstance(kind, TupleType)
    if index.type is not INT:
        raise at.error("tuple index must be an integer")
    elements = kind.elements
    is_constant, place = building.constant_of(index)
    if not is_constant:
        if not elements or not convertible_to_list(kind, ListType(elements[0])):
            raise at.error(
                f"Cannot index into a {kind.repr_str} with a non-integer literal because we cannot "
                "resolve the output "
                "type"
            )
        return building.tuple_index(lowering.graph, value, index, elements[0])
    assert isinstance(place, int)
    if not -len(elements) <= place < len(elements):
        raise at.error(f"Tuple index out of range. Tuple is length {len(elements)} and index is {place}")
    return building.tuple_index(lowering.graph, value, index, elements[place])


def tuple_slice(
    lowering: Lowering,
    at: SourceRange,
    value: Value,
    start: Value | None,
    end: Value | None,
    step: Value | None,
) -> Value:
    """`t[a:b:c]`, with bounds that are known now."""
    kind = value.type
    assert isinstance(kind, TupleType)
    bounds = slice(_bound(at, start), _bound(at, end), _step(at, step))
    graph = lowering.graph
    picked: list[Value] = []
    for place in range(*bounds.indices(len(kind.elements))):
        index = lowering.constant(place, INT)
        picked.append(building.tuple_index(graph, value, index, kind.elements[place]))
    return building.make_tuple(graph, picked)


def _bound(at: SourceRange, value: Value | None) -> int | None:
    if value is None:
        return None
    is_constant, constant = building.constant_of(value)
    if is_constant and isinstance(constant, int):
        return constant
    if is_constant and constant is None:
        return None
    raise at.error("tuple slice indices must be integer constants")


def _step(at: SourceRange, value: Value | None) -> int | None:
    if value is None:
        return None
    is_constant, step = building.constant_of(value)
    if is_constant and step is None:
        return None
    if not isinstance(step, int):
        raise at.error("Step size should always be an integer")
    if step in (0, _LEAST):
        problem = "should have non-zero step" if step == 0 else "step is out of bounds"
        raise at.error(f"List slice {problem}")
    return step
