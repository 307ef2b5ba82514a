"""Computes operators on constants for the passes that fold them, within a bound on memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.exec.bounds import checker
from jitcore.exec.builtins import tensor_maker
from jitcore.exec.operator_sorts import why_not_folded
from jitcore.exec.operators import UNKNOWN, bind, find, schema_key
from jitcore.exec.plan_places import FAILURES
from jitcore.exec.values import Materializer
from jitcore.passes import EvaluationError
from jitcore.types import DEVICE, OptionalType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.ir import Node
    from jitcore.types import FunctionSchema

DEFAULT_MAX_BYTES = 1 << 28
"""Most that one evaluation may allocate, in bytes."""

# Their results are no larger than their inputs, though only the values of these tell how large.
_BOUNDED_BY_INPUTS = frozenset({
    "aten::nonzero", "aten::masked_select", "aten::unique_consecutive", "aten::unique_dim", "aten::_unique2",
    "aten::item", "aten::_local_scalar_dense", "aten::equal", "aten::allclose", "aten::is_nonzero",
    "aten::Int", "aten::Float", "aten::Bool", "aten::Complex", "aten::IntImplicit", "aten::FloatImplicit",
    "aten::ScalarImplicit", "aten::ComplexImplicit", "aten::_tensor_to_list", "aten::tensor",
    "aten::as_tensor", "aten::clone", "aten::detach", "aten::contiguous", "aten::dequantize", "aten::cpu",
})  # fmt: skip

# What memory held before is nobody's constant.
_UNINITIALIZED = frozenset({
    "aten::empty", "aten::empty_like", "aten::empty_strided", "aten::empty_permuted", "aten::new_empty",
    "aten::new_empty_strided", "aten::empty_quantized",
})  # fmt: skip

# torch registers them for any list, but takes none of Python's.
_OF_LISTS = frozenset({"aten::tensor", "aten::as_tensor"})


class TorchEvaluator:
    """Evaluates one operator at a time without recording gradients.

    What it would allocate is worked out first, by running the operator on tensors without elements
    (torch's meta device); results beyond `max_bytes` are refused, none if that is None. A call is an
    `Evaluator` of `jitcore.passes`.
    """

    def __init__(
        self, max_bytes: int | None = DEFAULT_MAX_BYTES, materializer: Materializer | None = None
    ) -> None:
        self._max_bytes = max_bytes
        self._materializer = materializer or Materializer()

    def __call__(self, node: Node, schema: FunctionSchema, inputs: Sequence[object]) -> list[object]:
        """The outputs of `node`; raises `EvaluationError`."""
        if schema.name in _OF_LISTS:
            make = tensor_maker(node.inputs[0].type)
            if make is not None:
                return [self._tensor_of_list(make, schema, inputs)]
        results = self.evaluate(schema, inputs)
        if len(node.outputs) == 1:
            return [results]
        return list(cast("tuple[object, ...]", results)) if node.outputs else []

    def evaluate(self, schema: FunctionSchema, inputs: Sequence[object]) -> object:
        """The result of an operator on constants (a tuple of several); raises `EvaluationError`."""
        refusal = why_not_folded(schema)
        if refusal:
            raise EvaluationError(refusal)
        values = [self._runnable(value, schema, index) for index, value in enumerate(inputs)]
        try:
            # First of all: without elements a call leads beyond its tensors as well.
            check = checker(schema, values)
            if check is not None:
                check(values)
            if self._max_bytes is not None and self._may_be_large(schema):
                self._check_size(schema, values, self._max_bytes)
            with torch.no_grad():
                result = _apply(schema, values)
                if schema.name in _UNINITIALIZED:
                    result.zero_()
                return result
        except FAILURES as error:
            first_line = str(error).strip().partition("\n")[0]
            raise EvaluationError(f"{schema.name} failed: {first_line}") from error

    def _tensor_of_list(
        self, make: Callable[..., torch.Tensor], schema: FunctionSchema, inputs: Sequence[object]
    ) -> torch.Tensor:
        try:
            return make(*(self._runnable(value, schema, index) for index, value in enumerate(inputs)))
        except FAILURES as error:
            raise EvaluationError(f"{schema.name} failed: {error}") from error

    def _runnable(self, value: object, schema: FunctionSchema, index: int) -> object:
        wanted = schema.arguments[index].type if index < len(schema.arguments) else None
        if isinstance(wanted, OptionalType):
            wanted = wanted.element
        if wanted is DEVICE and isinstance(value, str):
            return torch.device(value)
        return self._materializer.value(value)

    def _may_be_large(self, schema: FunctionSchema) -> bool:
        return find(schema_key(schema)).is_torch and schema.name not in _BOUNDED_BY_INPUTS

    def _check_size(self, schema: FunctionSchema, values: Sequence[object], max_bytes: int) -> None:
        meta = [_on_meta(value) for value in values]
        places = [index for index, argument in enumerate(schema.arguments) if argument.name == "device"]
        for index in places:
            meta[index] = torch.device("meta")
        try:
            with torch.no_grad():
                outcome = _apply(schema, meta)
        except FAILURES as error:
            if _fails_alike(error):
                raise EvaluationError(
                    f"what {schema.name} would allocate cannot be told beforehand"
                ) from error
            raise
        size = _bytes_of(outcome)
        if size > max_bytes:
            raise EvaluationError(
                f"the result of {schema.name} would take {size} bytes; {max_bytes} are allowed"
            )


def _apply(schema: FunctionSchema, values: Sequence[object]) -> Any:
    # Bound as if nothing were constant, so that every argument is passed as it is.
    bound = bind(schema, [UNKNOWN] * len(values))
    return bound.function(*(values[index] for index in bound.dynamic))


def _fails_alike(error: BaseException) -> bool:
    """Whether the failure is of the meta device rather than of the operator."""
    text = str(error)
    return isinstance(error, NotImplementedError) or "meta" in text.lower()


def _on_meta(value: object) -> object:
    if isinstance(value, torch.Tensor):
        return value.to("meta")
    if isinstance(value, list):
        return [_on_meta(item) for item in cast("list[object]", value)]
    if isinstance(value, tuple):
        return tuple(_on_meta(item) for item in cast("tuple[object, ...]", value))
    return value


def _bytes_of(value: object) -> int:
    if isinstance(value, torch.Tensor):
        return value.numel() * value.element_size()
    if isinstance(value, list | tuple):
        return sum(_bytes_of(item) for item in cast("list[object]", value))
    return 0


def evaluator(max_bytes: int = DEFAULT_MAX_BYTES, materializer: Materializer | None = None) -> TorchEvaluator:
    """The evaluator to give to `jitcore.passes.PassContext`."""
    return TorchEvaluator(max_bytes, materializer)
