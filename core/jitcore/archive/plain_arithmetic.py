"""Operators on plain tensors of archives that numpy computes as torch does, bit by bit.

They are those by which weights are folded. Sums, products, quotients and square roots of one format have one
result (IEEE 754), so whoever folds them need neither start a process nor wait for torch.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, Final, cast

from jitcore.archive.dtypes import STORAGE_TYPES
from jitcore.archive.tensors import LazyStorage, LazyTensor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.types import FunctionSchema

_DTYPES: Final = frozenset(("float32", "float64"))
_ELEMENTS: Final = {element.name: element for element in STORAGE_TYPES.values() if element.name in _DTYPES}
_MOST_ELEMENTS: Final = 1 << 24

Array = Any


def compute_plainly(schema: FunctionSchema, inputs: Sequence[object]) -> LazyTensor | None:
    """The result of an operator on contiguous tensors of one real format; None for anything else."""
    operator = f"{schema.name}.{schema.overload}" if schema.overload else schema.name
    compute = _OPERATORS.get(operator)
    tensors = [value for value in inputs if isinstance(value, LazyTensor)]
    if compute is None or not tensors or not all(map(_is_plain, tensors)):
        return None
    dtype = tensors[0].dtype
    if any(tensor.dtype != dtype for tensor in tensors):
        return None
    # Numbers take longer to import than most commands run.
    import numpy

    given = [_array(value) if isinstance(value, LazyTensor) else value for value in inputs]
    with numpy.errstate(all="ignore"):
        result = compute(numpy, *given)
    return None if result is None else _tensor(numpy.ascontiguousarray(result, dtype=dtype), dtype)


def _is_plain(tensor: LazyTensor) -> bool:
    return (
        tensor.dtype in _DTYPES
        and tensor.is_contiguous
        and tensor.device == "cpu"
        and tensor.quantizer is None
        and not tensor.requires_grad
        and not tensor.is_conjugated
        and not tensor.is_negated
        and tensor.numel <= _MOST_ELEMENTS
    )


def _array(tensor: LazyTensor) -> Array:
    return tensor.to_numpy().reshape(tensor.shape)


def _tensor(array: Array, dtype: str) -> LazyTensor:
    data = array.tobytes()
    storage = LazyStorage(_ELEMENTS[dtype], "computed", "cpu", array.size, lambda _: memoryview(data))
    strides: list[int] = []
    step = 1
    for size in reversed(array.shape):
        strides.insert(0, step)
        step *= max(size, 1)
    return LazyTensor(storage, 0, tuple(array.shape), tuple(strides))


def _fits(numpy: Any, a: Array, b: Array) -> bool:
    """Whether the two have a shape together, and one that is not too large."""
    try:
        shape = numpy.broadcast_shapes(a.shape, b.shape)
    except ValueError:
        return False
    return prod(shape) <= _MOST_ELEMENTS


def _pairwise(name: str) -> Callable[..., Array | None]:
    def compute(numpy: Any, a: object, b: object, alpha: object = 1) -> Array | None:
        if not isinstance(a, numpy.ndarray) or not isinstance(b, numpy.ndarray) or alpha != 1:
            return None
        return getattr(numpy, name)(a, b) if _fits(numpy, a, b) else None

    return compute


def _add_number(_numpy: Any, a: Array, number: object, alpha: object = 1) -> Array | None:
    if isinstance(number, bool) or not isinstance(number, int | float) or alpha != 1:
        return None
    return a + a.dtype.type(number)


def _inverse_root(numpy: Any, a: Array) -> Array:
    return a.dtype.type(1) / numpy.sqrt(a)


def _reshaped(_numpy: Any, a: Array, shape: object) -> Array | None:
    sizes = _sizes(shape)
    if sizes is None or sizes.count(-1) > 1 or any(size < -1 for size in sizes):
        return None
    known = prod(size for size in sizes if size != -1)
    if -1 in sizes:
        return a.reshape(sizes) if known and a.size % known == 0 else None
    return a.reshape(sizes) if known == a.size else None


def _expanded(numpy: Any, a: Array, shape: object, implicit: object = False) -> Array | None:
    sizes = _sizes(shape)
    if sizes is None or implicit or a.shape != (1,) or min(sizes, default=0) < 0:
        return None
    return numpy.broadcast_to(a, sizes) if prod(sizes) <= _MOST_ELEMENTS else None


def _filled(numpy: Any, a: Array, shape: object, number: object, *others: object) -> Array | None:
    sizes = _sizes(shape)
    if sizes is None or any(other is not None for other in others) or min(sizes, default=0) < 0:
        return None
    if isinstance(number, bool) or not isinstance(number, int | float) or prod(sizes) > _MOST_ELEMENTS:
        return None
    return numpy.full(sizes, number, dtype=a.dtype)


def _like(value: int) -> Callable[..., Array | None]:
    def compute(numpy: Any, a: Array, *others: object) -> Array | None:
        return None if any(other is not None for other in others) else numpy.full_like(a, value)

    return compute


def _with_dimension(numpy: Any, a: Array, place: object) -> Array | None:
    return numpy.expand_dims(a, -1) if place == -1 else None


def _sizes(shape: object) -> list[int] | None:
    if not isinstance(shape, list):
        return None
    sizes = cast("list[object]", shape)
    return [size for size in sizes if isinstance(size, int)] if all(type(s) is int for s in sizes) else None


_OPERATORS: Final[dict[str, Callable[..., Array | None]]] = {
    "aten::add.Tensor": _pairwise("add"),
    "aten::sub.Tensor": _pairwise("subtract"),
    "aten::mul.Tensor": _pairwise("multiply"),
    "aten::div.Tensor": _pairwise("divide"),
    "aten::add.Scalar": _add_number,
    "aten::rsqrt": _inverse_root,
    "aten::reshape": _reshaped,
    "aten::view": _reshaped,
    "aten::expand": _expanded,
    "aten::new_full": _filled,
    "aten::zeros_like": _like(0),
    "aten::ones_like": _like(1),
    "aten::unsqueeze": _with_dimension,
}
