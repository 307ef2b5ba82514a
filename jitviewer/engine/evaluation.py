"""Computes constants in a runner process, so that folding a tensor needs no torch in the engine."""

from __future__ import annotations

import queue
import time
from collections.abc import Sequence

from jitcore.archive import LazyStorage, LazyTensor
from jitcore.archive.dtypes import STORAGE_TYPES
from jitcore.ir import Node
from jitcore.passes import EvaluationError
from jitcore.types import FunctionSchema
from jitviewer.engine.runner_link import RunnerDied, RunnerLink, RunnerNews
from jitviewer.folding_time import FoldingTime, FoldingTimeError
from jitviewer.protocol.constants import TensorParts, UnsendableError, decode_constant, encode_constant
from jitviewer.protocol.runner_messages import Evaluated, EvaluateRequest

MAX_RESULT_BYTES = 64 << 20
_ELEMENTS = {element.name: element for element in STORAGE_TYPES.values()}


class RemoteEvaluator:
    """The `Evaluator` of the engine: one operator at a time in a runner of its own.

    A runner of its own, because the other one may be busy with a run for hours. It is started by
    the first constant that needs it. All constants together have the time of one pipeline until `begin`
    says that another one begins.
    """

    def __init__(self) -> None:
        self._replies: queue.SimpleQueue[RunnerNews] = queue.SimpleQueue()
        self._link = RunnerLink(self._replies.put)
        self._next_id = 1
        self._time = FoldingTime()

    def begin(self) -> None:
        """What comes now is another pipeline."""
        self._time = FoldingTime()

    def close(self) -> None:
        """End the process."""
        self._link.kill()

    def __call__(self, node: Node, schema: FunctionSchema, inputs: Sequence[object]) -> list[object]:
        """One value per output of the node. Raises `EvaluationError` with the reason if there is none, and
        `FoldingTimeError` where the time is over."""
        with self._time.spending() as left:
            return self._evaluate(schema, inputs, time.monotonic() + left)

    def _evaluate(self, schema: FunctionSchema, inputs: Sequence[object], end: float) -> list[object]:
        operator = schema.name + ("." + schema.overload if schema.overload else "")
        request_id = self._next_id
        self._next_id += 1
        try:
            arguments = encode_constant(list(inputs), _take_apart)
            self._link.send(EvaluateRequest(request_id, operator, arguments, MAX_RESULT_BYTES))
        except UnsendableError as error:
            raise EvaluationError(f"{operator} was not computed: {error}") from error
        except OSError as error:
            raise EvaluationError(
                f"{operator} was not computed: the runner does not start ({error})"
            ) from error
        reply = self._wait(request_id, operator, end)
        if reply.why_not:
            raise EvaluationError(reply.why_not)
        result = decode_constant(reply.result, _assemble)
        if not isinstance(result, list):
            raise EvaluationError(f"{operator} gave no list of results")
        return result

    def _wait(self, request_id: int, operator: str, end: float) -> Evaluated:
        while True:
            try:
                news = self._replies.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty as error:
                self._link.kill()
                raise FoldingTimeError from error
            if isinstance(news, RunnerDied):
                raise EvaluationError(f"{operator} was not computed: {news.sentence}")
            if isinstance(news, Evaluated) and news.id == request_id:
                return news


def _take_apart(value: object) -> TensorParts | None:
    if not isinstance(value, LazyTensor) or value.storage is None or value.quantizer is not None:
        return None
    return TensorParts(value.dtype, value.shape, bytes(value.data()))


def _assemble(parts: TensorParts) -> LazyTensor:
    element = _ELEMENTS[parts.dtype]
    count = 1
    strides: list[int] = []
    for length in reversed(parts.shape):
        strides.insert(0, max(1, count))
        count *= length
    storage = LazyStorage(element, "computed", "cpu", count, lambda _record: memoryview(parts.data))
    return LazyTensor(storage, 0, parts.shape, tuple(strides))
