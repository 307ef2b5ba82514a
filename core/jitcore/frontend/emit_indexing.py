"""Subscripts: items, slices, and the many indices that a tensor takes.

x[i]  -> aten::select(x, 0, i)      x[a:b] -> aten::slice(x, 0, a, b, 1)
x[None] -> aten::unsqueeze(x, 0)    x[t]   -> aten::index(x, [t])
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jitcore.frontend import building
from jitcore.frontend.sugared.special import SliceValue
from jitcore.frontend.tuple_indexing import tuple_item, tuple_slice
from jitcore.ops.matching import NamedValue
from jitcore.types import INT, NONE, TENSOR, ListType, TupleType, Type, is_subtype, make_optional

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.ir import Value
    from jitcore.source import SourceRange

_LONG = 4


def emit_subscript(lowering: Lowering, node: ast.Subscript, binders: int, hint: Type | None) -> SugaredValue:
    """`x[i]`"""
    owner = lowering.sugared(node.value)
    at = lowering.at(node)
    value_at = lowering.at(node.value)
    indices = subscripts(lowering, node)
    if len(indices) != 1:
        return lowering.simple(_index_tensor(lowering, at, owner.as_value(value_at, lowering), node))
    index = indices[0]
    if isinstance(index, ast.Slice):
        return lowering.simple(_emit_slice_of(lowering, at, owner.sliceable(value_at, lowering), index))
    container = owner.as_value(value_at, lowering)
    place = lowering.sugared(index)
    if isinstance(place, SliceValue):
        dimension = lowering.constant(0, INT, value_at) if is_subtype(container.type, TENSOR) else None
        bounds = (place.start, place.stop, place.step)
        return lowering.simple(slice_of(lowering, value_at, container, dimension, bounds))
    position = place.as_value(value_at, lowering)
    if isinstance(container.type, TupleType):
        return lowering.simple(tuple_item(lowering, at, owner.as_value(value_at, lowering), position))
    if is_subtype(container.type, TENSOR):
        return lowering.simple(_index_tensor(lowering, at, container, node))
    return owner.item(at, lowering, position, hint)


def subscripts(lowering: Lowering, node: ast.Subscript) -> list[ast.expr]:
    """The indices: those of `x[a, b]` are two, the tuple in `x[(a, b)]` is one."""
    index = node.slice
    if isinstance(index, ast.Tuple) and not lowering.positions.is_parenthesized_tuple(index):
        return index.elts
    return [index]


def _emit_slice_of(lowering: Lowering, at: SourceRange, value: Value, node: ast.Slice) -> Value:
    dimension = lowering.constant(0, INT, at) if is_subtype(value.type, TENSOR) else None
    return slice_of(lowering, at, value, dimension, _bounds(lowering, node))


def _bounds(lowering: Lowering, node: ast.Slice) -> tuple[Value | None, Value | None, Value | None]:
    lower = None if node.lower is None else lowering.value(node.lower)
    upper = None if node.upper is None else lowering.value(node.upper)
    step = None if node.step is None else lowering.value(node.step)
    return lower, upper, step


def slice_of(
    lowering: Lowering,
    at: SourceRange,
    value: Value,
    dimension: Value | None,
    bounds: tuple[Value | None, Value | None, Value | None],
) -> Value:
    """A slice of a tensor along a dimension, or of a list, string or tuple."""
    start, end, step = bounds
    if isinstance(value.type, TupleType):
        return tuple_slice(lowering, at, value, start, end, step)
    arguments = [NamedValue(value)]
    if dimension is not None:
        arguments.append(NamedValue(dimension))
    if step is None:
        step = lowering.constant(1, INT, at)
    for name, bound in (("start", start), ("end", end), ("step", step)):
        given = NamedValue.of_constant(None, NONE, name, at) if bound is None else NamedValue(bound)
        arguments.append(given)
    return lowering.builtin(at, "aten::slice", arguments)


def _index_tensor(lowering: Lowering, at: SourceRange, tensor: Value, node: ast.Subscript) -> Value:
    if not is_subtype(tensor.type, TENSOR):
        raise at.error(
            "Unsupported operation: attempted to use multidimensional indexing on a non-tensor type"
        )
    sliced, indices = slice_and_select(lowering, at, tensor, node)
    return index_by_tensors(lowering, at, sliced, indices) if indices else sliced


def index_by_tensors(lowering: Lowering, at: SourceRange, tensor: Value, indices: Sequence[Value]) -> Value:
    """`aten::index`"""
    for index in indices:
        if not is_subtype(index.type, make_optional(TENSOR)):
            raise at.error(
                "Expected a list element that subtypes 'Optional[Tensor]' but got an element of type "
                f"'{index.type.repr_str}'"
            )
    packed = building.make_list(lowering.graph, make_optional(TENSOR), indices)
    return lowering.builtin(at, "aten::index", (NamedValue(tensor), NamedValue(packed)))


class _TensorIndices:
    """The indices of one subscript: which dimension each applies to, and its value if it is not a slice."""

    __slots__ = ("at", "dimensions", "lowering", "values")

    def __init__(self, lowering: Lowering, at: SourceRange, count: int) -> None:
        self.lowering = lowering
        self.at = at
        self.dimensions = [0] * count
        self.values: list[Value | None] = [None] * count

    def take(self, node: ast.expr, place: int, dimension: int, backwards: bool) -> int:
        """Evaluate index number `place` for `dimension`; gives the dimension of the next one."""
        self.dimensions[place] = dimension
        step = -1 if backwards else 1
        if isinstance(node, ast.Slice):
            return dimension + step
        lowering = self.lowering
        if isinstance(lowering.sugared(node), SliceValue):
            return dimension + step
        is_none = isinstance(node, ast.Constant) and node.value is None
        index = lowering.value(node, NONE if is_none else None)
        if isinstance(index.type, ListType):
            dtype = NamedValue.of_constant(_LONG, INT, "dtype")
            index = lowering.builtin(None, "aten::tensor", (NamedValue(index),), (dtype,))
        self.values[place] = index
        kind = index.type
        if is_subtype(kind, NONE):
            return dimension if backwards else dimension + 1
        if kind is INT:
            return dimension - 1 if backwards else dimension
        if is_subtype(kind, make_optional(TENSOR)):
            if backwards:
                raise self.at.error("Ellipses followed by tensor indexing is currently not supported")
            return dimension + 1
        raise self.at.error(
            f"Unsupported operation: indexing tensor with unsupported index type '{kind.repr_str}'. Only "
            "ints, "
            "slices, lists and tensors are supported"
        )


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis


def slice_and_select(
    lowering: Lowering, at: SourceRange, tensor: Value, node: ast.Subscript
) -> tuple[Value, list[Value]]:
    """Apply the integer, slice and None indices; the tensor indices are returned to be applied by the caller.

    Indices behind an ellipsis count dimensions from the end.
    """
    nodes = subscripts(lowering, node)
    indices = _TensorIndices(lowering, at, len(nodes))
    place = 0
    dimension = 0
    while place < len(nodes) and not _is_ellipsis(nodes[place]):
        dimension = indices.take(nodes[place], place, dimension, backwards=False)
        place += 1
    dimension = -1
    for later in range(len(nodes) - 1, place, -1):
        if _is_ellipsis(nodes[later]):
            raise at.error("An index can only have a single ellipsis ('...')")
        dimension = indices.take(nodes[later], later, dimension, backwards=True)

    tensors: list[Value | None] = []
    for index_node, index, dimension in zip(nodes, indices.values, indices.dimensions, strict=True):
        if index is None:
            tensor = _apply_slice(lowering, at, tensor, index_node, dimension)
        elif is_subtype(index.type, NONE):
            where = lowering.constant(dimension, INT, at)
            tensor = lowering.builtin(at, "aten::unsqueeze", (NamedValue(tensor), NamedValue(where)))
        elif index.type is INT:
            where = lowering.constant(dimension, INT, at)
            tensor = lowering.builtin(
                at, "aten::select", (NamedValue(tensor), NamedValue(where), NamedValue(index))
            )
        else:
            tensors.extend([None] * (dimension + 1 - len(tensors)))
            tensors[dimension] = index
    return tensor, [building.make_none(lowering.graph) if t is None else t for t in tensors]


def _apply_slice(lowering: Lowering, at: SourceRange, tensor: Value, node: ast.expr, dimension: int) -> Value:
    if _is_ellipsis(node):
        return tensor
    if isinstance(node, ast.Slice):
        where = lowering.constant(dimension, INT, at)
        return slice_of(lowering, at, tensor, where, _bounds(lowering, node))
    sugared = lowering.sugared(node)
    assert isinstance(sugared, SliceValue)
    where = lowering.constant(dimension, INT, at)
    return slice_of(lowering, at, tensor, where, (sugared.start, sugared.stop, sugared.step))


EXPRESSIONS = {ast.Subscript: emit_subscript}
