"""Computes operators on constants: for the engine, and alike for the passes that run here."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch

from jitcore.archive import LazyTensor
from jitcore.exec.evaluator import TorchEvaluator
from jitcore.exec.values import dtype_named
from jitcore.ops import find_overload
from jitcore.passes import EvaluationError
from jitviewer.folding_time import FoldingTime
from jitviewer.protocol.constants import TensorParts, UnsendableError, decode_constant, encode_constant
from jitviewer.protocol.runner_messages import Evaluated, EvaluateRequest
from jitviewer.runner.memory_limit import USUAL, MemoryLimit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir import Node
    from jitcore.types import FunctionSchema

MAX_RESULT_BYTES = 64 << 20
"""What the engine allows one result to take."""


def answer_evaluate(request: EvaluateRequest) -> Evaluated:
    """The result, or why there is none."""
    try:
        with MemoryLimit(USUAL).hold():
            result = evaluate_encoded(request.operator, request.arguments, request.max_bytes)
        return Evaluated(request.id, result, "")
    except EvaluationError as error:
        return Evaluated(request.id, b"", str(error))


def evaluate_encoded(operator: str, arguments: bytes, max_bytes: int) -> bytes:
    """Encoded outputs of an operator on an encoded list of arguments; raises `EvaluationError`."""
    schema = find_overload(operator)
    if schema is None:
        raise EvaluationError(f"there is no operator {operator}")
    inputs = decode_constant(arguments, assemble)
    if not isinstance(inputs, list):
        raise EvaluationError(f"the arguments of {operator} are not a list")
    result = TorchEvaluator(max_bytes).evaluate(schema, cast("list[object]", inputs))
    if len(schema.returns) == 1:
        outputs: list[object] = [result]
    else:
        outputs = list(cast("tuple[object, ...]", result)) if schema.returns else []
    try:
        return encode_constant(outputs, take_apart)
    except UnsendableError as error:
        raise EvaluationError(f"the result of {operator} cannot be kept as a constant: {error}") from error


class LocalEvaluator:
    """The `Evaluator` for passes that run here: refuses and computes exactly what the engine's does.

    Were it to fold one constant more or less, the nodes made after it would be numbered differently. One
    evaluator is for one pipeline, and has its time.
    """

    def __init__(self) -> None:
        self._time = FoldingTime()

    def __call__(self, node: Node, schema: FunctionSchema, inputs: Sequence[object]) -> list[object]:
        """One value per output; raises `EvaluationError`, and `FoldingTimeError` where the time is over."""
        with self._time.spending():
            return self._evaluate(schema, inputs)

    @staticmethod
    def _evaluate(schema: FunctionSchema, inputs: Sequence[object]) -> list[object]:
        operator = f"{schema.name}.{schema.overload}" if schema.overload else schema.name
        try:
            arguments = encode_constant(list(inputs), take_apart)
        except UnsendableError as error:
            raise EvaluationError(f"{operator} was not computed: {error}") from error
        result = decode_constant(evaluate_encoded(operator, arguments, MAX_RESULT_BYTES), assemble)
        return cast("list[object]", result)


def take_apart(value: object) -> TensorParts | None:
    """The parts of a plain dense tensor, read lazily or not; None for anything else."""
    if isinstance(value, LazyTensor):
        if value.storage is None or value.quantizer is not None:
            return None
        return TensorParts(value.dtype, value.shape, bytes(value.data()))
    if not isinstance(value, torch.Tensor) or value.layout != torch.strided or value.is_quantized:
        return None
    dense = value.detach().cpu().contiguous()
    data = bytes(dense.untyped_storage())[: dense.nbytes] if dense.numel() else b""
    if dense.storage_offset() and dense.numel():
        data = bytes(dense.clone().untyped_storage())
    return TensorParts(str(value.dtype).removeprefix("torch."), tuple(value.shape), data)


def assemble(parts: TensorParts) -> torch.Tensor:
    """The tensor of its parts."""
    dtype = dtype_named(parts.dtype)
    if not parts.data:
        return torch.empty(parts.shape, dtype=dtype)
    return torch.frombuffer(bytearray(parts.data), dtype=dtype).reshape(parts.shape)
