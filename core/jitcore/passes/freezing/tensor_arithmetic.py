"""Arithmetic on constant tensors for passes that make new weights, done by the evaluator of their context."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jitcore.ir import Graph
from jitcore.ops.table import find_overload
from jitcore.passes.base import EvaluationError
from jitcore.passes.rules import count
from jitcore.types.tensor import SCALAR_TYPE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from jitcore.passes.base import PassContext


class TensorArithmetic:
    """Calls operators on constants, each as a node of a graph of its own would be computed.

    Where nothing computes tensors, or an operator fails, `attempt` gives None, and `tell` says how often.
    """

    def __init__(self, context: PassContext) -> None:
        self._context = context
        self._graph = Graph()
        self._left: dict[str, int] = {}

    def call(self, operator: str, *arguments: object) -> object:
        """The one result of an operator as `aten::mul.Tensor`. Raises `EvaluationError`."""
        if self._context.evaluate is None:
            raise EvaluationError("torch is not there")
        schema = find_overload(operator)
        if schema is None:
            raise KeyError(f"there is no operator {operator}")
        values = [
            *arguments,
            *(argument.default for argument in schema.arguments[len(arguments) :]),
        ]
        [result] = self._context.evaluate(self._graph.create(schema.name), schema, values)
        return result

    def attempt(self, make: Callable[[], tuple[object, ...]]) -> tuple[object, ...] | None:
        """What `make` gives; None if something in it could not be computed."""
        try:
            return make()
        except EvaluationError as error:
            reason = str(error)
            self._left[reason] = self._left.get(reason, 0) + 1
            return None

    def tell(self, what: str) -> None:
        """Note how many `what`, one of which is called so, stayed as they are, and why."""
        for reason, number in self._left.items():
            self._context.note(f"{count(number, what)} stayed: {reason}")

    # --- what folding needs ------------------------------------------------------------------------

    def product(self, a: object, b: object) -> object:
        """a * b"""
        return self.call("aten::mul.Tensor", a, b)

    def total(self, a: object, b: object) -> object:
        """a + b"""
        return self.call("aten::add.Tensor", a, b)

    def difference(self, a: object, b: object) -> object:
        """a - b"""
        return self.call("aten::sub.Tensor", a, b)

    def reshaped(self, tensor: object, shape: Sequence[int]) -> object:
        """The same elements in another shape."""
        return self.call("aten::reshape", tensor, list(shape))

    def zeros(self, sizes: Sequence[int], strides: Sequence[int], dtype: str) -> object:
        """Zeros of a shape, laid out by strides."""
        number = list(SCALAR_TYPE_NAMES).index(dtype)
        empty = self.call("aten::empty_strided", list(sizes), list(strides), number, None, "cpu", None)
        return self.call("aten::zero_", empty)

    def of_dtype(self, tensor: object, other: object) -> object:
        """The tensor with the dtype of another one."""
        if dtype_of(tensor) == dtype_of(other):
            return tensor
        return self.call("aten::type_as", tensor, other)

    def inverse_deviation(self, variance: object, eps: object) -> object:
        """1 / sqrt(variance + eps)"""
        return self.call("aten::rsqrt", self.call("aten::add.Scalar", variance, eps))

    def spread(self, value: object, shape: Sequence[int], like: object) -> object:
        """A number or tensor, repeated to `shape`; a number takes its dtype from `like`."""
        tensor = value if has_shape(value) else self.call("aten::new_full", like, list(shape), value)
        if numel(tensor) == 1:
            return self.call("aten::expand", self.reshaped(tensor, [1]), list(shape))
        return self.call("aten::view", tensor, list(shape))


def has_shape(value: object) -> bool:
    """Whether a constant is a tensor."""
    return hasattr(value, "shape") and hasattr(value, "dtype")


def shape_of(tensor: object) -> tuple[int, ...]:
    """The sizes of a constant tensor."""
    return tuple(int(size) for size in cast("Iterable[int]", tensor.shape))  # type: ignore[attr-defined]


def numel(tensor: object) -> int:
    """The number of elements of a constant tensor."""
    product = 1
    for size in shape_of(tensor):
        product *= size
    return product


def dtype_of(tensor: object) -> str:
    """The dtype of a constant tensor as torch's Python calls it, without the module."""
    return str(tensor.dtype).rpartition(".")[2]  # type: ignore[attr-defined]  # callers know it is one


def is_floating(tensor: object) -> bool:
    """Whether the elements of a constant tensor are reals."""
    return dtype_of(tensor).startswith(("float", "bfloat"))
