"""What sizes and strides an operator gives, of inputs of which all is known.

The formulas of ShapePropagator::PropagateCompleteShapeOnNode (torch/csrc/jit/passes/shape_analysis.cpp).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, cast

from jitcore.ops.lookup import fits
from jitcore.ops.table import find_overload
from jitcore.passes.constants import constant_bool, constant_int, constant_of
from jitcore.passes.shapes.rank_formulas import dtype_with_number, named
from jitcore.passes.shapes.tensor_types import in_order, known_shape, with_dtype, with_gradient, with_shape
from jitcore.source import JitError

if TYPE_CHECKING:
    from jitcore.ir import Node
    from jitcore.types import TensorType


class NotPropagatedError(Exception):
    """A node does not give what its formula takes for granted, so nothing is known of what it gives."""


Formula = Callable[["Node", list["TensorType"]], "list[TensorType] | None"]
"""Gives the types of the results; None where the formula is not for such a node."""


def infer_shapes(node: Node, kinds: list[TensorType]) -> list[TensorType] | None:
    """The types of the results; None where there is no formula. Raises `NotPropagatedError`, `JitError`."""
    for key in _KEYS.get(node.kind, ()):
        schema = find_overload(key)
        if schema is not None and fits(node, schema):
            return _FORMULAS[key](node, kinds)
    return None


def broadcast_sizes(first: Sequence[int], second: Sequence[int]) -> list[int]:
    """The sizes of what two tensors give together. Raises `JitError` where they do not fit."""
    length = max(len(first), len(second))
    sizes: list[int] = []
    for place in range(-length, 0):
        a = first[place] if -place <= len(first) else 1
        b = second[place] if -place <= len(second) else 1
        if a != b and a != 1 and b != 1:
            raise JitError(
                f"The size of tensor a ({a}) must match the size of tensor b ({b}) at non-singleton "
                f"dimension {length + place}"
            )
        sizes.append(b if a == 1 else a)
    return sizes


def _shape(kind: TensorType) -> tuple[list[int], list[int]]:
    found = known_shape(kind)
    if found is None:
        raise ValueError(f"not all is known of {kind}")
    return found


def _int(node: Node, name: str) -> int | None:
    value = named(node, name)
    return None if value is None else constant_int(value)


def _ints(node: Node, name: str) -> list[int] | None:
    value = named(node, name)
    found = None if value is None else constant_of(value)
    return list(cast("list[int]", found)) if isinstance(found, list | tuple) else None


def _place(dim: int, rank: int, beyond: int = 0) -> int:
    if not 0 <= dim < rank + beyond:
        raise NotPropagatedError
    return dim


def _as_first(_node: Node, kinds: list[TensorType]) -> list[TensorType]:
    return kinds[:1]


def _with_number(node: Node, kinds: list[TensorType]) -> list[TensorType] | None:
    dtype = dtype_with_number(node, kinds[0])
    return None if dtype is None else [with_dtype(kinds[0], dtype)]


def _contiguous(_node: Node, kinds: list[TensorType]) -> list[TensorType]:
    return [in_order(kinds[0], _shape(kinds[0])[0])]


def _mm(_node: Node, kinds: list[TensorType]) -> list[TensorType]:
    left, right = _shape(kinds[0])[0], _shape(kinds[1])[0]
    if len(left) != 2 or len(right) != 2:
        raise NotPropagatedError
    return [with_gradient(in_order(kinds[0], [left[0], right[1]]), None)]


def _t(_node: Node, kinds: list[TensorType]) -> list[TensorType]:
    sizes, strides = _shape(kinds[0])
    if len(sizes) != 2:
        raise NotPropagatedError
    return [with_shape(kinds[0], sizes[::-1], strides[::-1])]


def _narrow(node: Node, kinds: list[TensorType]) -> list[TensorType] | None:
    dim, length = _int(node, "dim"), _int(node, "length")
    if dim is None or length is None:
        return None
    sizes, strides = _shape(kinds[0])
    sizes[_place(dim, len(sizes))] = length
    return [with_shape(kinds[0], sizes, strides)]


def _sum(_node: Node, kinds: list[TensorType]) -> list[TensorType]:
    return [in_order(kinds[0], ())]


def _sum_along(node: Node, kinds: list[TensorType]) -> list[TensorType] | None:
    dims, value = _ints(node, "dim"), named(node, "keepdim")
    keeps = None if value is None else constant_bool(value)
    if dims is None or keeps is None:
        return None
    sizes = _shape(kinds[0])[0]
    for dim in reversed(dims):
        place = _place(dim, len(sizes))
        if keeps:
            sizes[place] = 1
        else:
            del sizes[place]
    return [in_order(kinds[0], sizes)]


def _squeeze(node: Node, kinds: list[TensorType]) -> list[TensorType] | None:
    dim = _int(node, "dim")
    if dim is None:
        return None
    sizes, strides = _shape(kinds[0])
    place = _place(dim + len(sizes) if dim < 0 else dim, len(sizes))
    if sizes[place] == 1:
        del sizes[place], strides[place]
    return [with_shape(kinds[0], sizes, strides)]


def _unsqueeze(node: Node, kinds: list[TensorType]) -> list[TensorType] | None:
    dim = _int(node, "dim")
    if dim is None:
        return None
    sizes, strides = _shape(kinds[0])
    place = _place(dim + len(sizes) if dim < 0 else dim, len(sizes), beyond=1)
    step = 1 if place >= len(sizes) else sizes[place] * strides[place]
    sizes.insert(place, 1)
    strides.insert(place, step)
    return [with_shape(kinds[0], sizes, strides)]


def _view(node: Node, kinds: list[TensorType]) -> list[TensorType] | None:
    sizes = _ints(node, "size")
    if sizes is None:
        return None
    if sizes.count(-1) > 1:
        raise NotPropagatedError
    if -1 in sizes:
        others = elements = 1
        for size in sizes:
            others *= size if size != -1 else 1
        for size in _shape(kinds[0])[0]:
            elements *= size
        if others == 0:
            raise NotPropagatedError
        sizes[sizes.index(-1)] = elements // others
    return [in_order(kinds[0], sizes)]


def _type_as(_node: Node, kinds: list[TensorType]) -> list[TensorType]:
    if kinds[0].dtype == kinds[1].dtype:
        return kinds[:1]
    return [in_order(kinds[1], _shape(kinds[0])[0])]


def _expand(node: Node, kinds: list[TensorType]) -> list[TensorType] | None:
    wanted = _ints(node, "size")
    if wanted is None:
        return None
    sizes, strides = _shape(kinds[0])
    if not sizes:
        return [with_shape(kinds[0], wanted, [0] * len(wanted))]
    new_sizes: list[int] = []
    new_strides: list[int] = []
    # Less sizes than dimensions are compared with the last ones; a run refuses them.
    missing = len(wanted) - len(sizes)
    for place in reversed(range(len(wanted))):
        old = place - missing
        if old >= 0:
            size, stride = sizes[old], strides[old]
        else:
            size, stride = 1, new_sizes[0] * new_strides[0]
        target = wanted[place]
        if target == -1:
            if old < 0:
                raise JitError(f"expand: -1 is no size for the new dimension {place}")
            target = size
        if size != target:
            if size != 1:
                raise JitError(
                    f"The expanded size of the tensor ({target}) must match the existing size ({size}) at "
                    f"non-singleton dimension {place}"
                )
            size, stride = target, 0
        new_sizes.insert(0, size)
        new_strides.insert(0, stride)
    return [with_shape(kinds[0], new_sizes, new_strides)]


def _index_select(node: Node, kinds: list[TensorType]) -> list[TensorType] | None:
    dim = _int(node, "dim")
    if dim is None:
        return None
    sizes, index = _shape(kinds[0])[0], _shape(kinds[1])[0]
    if len(index) != 1:
        raise NotPropagatedError
    sizes[_place(dim, len(sizes))] = index[0]
    return [in_order(kinds[0], sizes)]


_FORMULAS: Final[dict[str, Formula]] = {
    "aten::pow.Tensor_Scalar": _as_first,
    "aten::add.Scalar": _with_number,
    "aten::sub.Scalar": _with_number,
    "aten::mul.Scalar": _with_number,
    "aten::div.Scalar": _with_number,
    "aten::logit": _contiguous,
    "aten::neg": _contiguous,
    "aten::sigmoid": _contiguous,
    "aten::tanh": _contiguous,
    "aten::mm": _mm,
    "aten::t": _t,
    "aten::narrow": _narrow,
    "aten::sum": _sum,
    "aten::sum.dim_IntList": _sum_along,
    "aten::squeeze.dim": _squeeze,
    "aten::unsqueeze": _unsqueeze,
    "aten::view": _view,
    "aten::type_as": _type_as,
    "aten::expand": _expand,
    "aten::index_select": _index_select,
}
"""Overload -> its formula."""

_KEYS: Final[dict[str, list[str]]] = {}
for _key in _FORMULAS:
    _KEYS.setdefault(_key.partition(".")[0], []).append(_key)
