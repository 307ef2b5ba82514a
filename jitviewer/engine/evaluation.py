"""Computes constants in a runner process, so that folding a tensor needs no torch in the engine."""

from __future__ import annotations

import queue
import time
from collections.abc import Sequence

from jitcore.archive import LazyStorage, LazyTensor
from jitcore.archive.dtypes import STORAGE_TYPES
from jitcore.archive.plain_arithmetic import compute_plainly
from jitcore.ir import Node
from jitcore.passes import EvaluationError
from jitcore.types import FunctionSchema
from jitviewer.confinement.policy import Role
from jitviewer.engine.bounded_evaluator import FOLDING_SECONDS, BoundedEvaluator, FoldingTimeError
from jitviewer.engine.constant_kinds import may_be
from jitviewer.engine.runner_link import RunnerDied, RunnerLink, RunnerNews
from jitviewer.protocol.constants import (
    MalformedConstantError,
    TensorParts,
    UnsendableError,
    decode_constant,
    encode_constant,
)
from jitviewer.protocol.framing import UnsentMessageError
from jitviewer.protocol.runner_messages import Evaluated, EvaluateRequest, Ping, Pong

MAX_RESULT_BYTES = 64 << 20
_ELEMENTS = {element.name: element for element in STORAGE_TYPES.values()}
_MOST_DIMENSIONS = 64
START_SECONDS = 60.0
"""How long the process may take to start and load torch, which does not count as computing."""


class RemoteEvaluator(BoundedEvaluator):
    """The `Evaluator` of the engine: one operator at a time in a runner of its own.

    A runner of its own, because the other one may be busy with a run for hours. It is started by
    the first constant that needs it. `seconds` is what the constants of a pipeline may take.
    """

    def __init__(self, seconds: float = FOLDING_SECONDS) -> None:
        self._seconds = self._left = seconds
        self._replies: queue.SimpleQueue[RunnerNews] = queue.SimpleQueue()
        self._link = RunnerLink(self._replies.put, Role.EVALUATOR)
        self._next_id = 1

    def close(self) -> None:
        """End the process."""
        self._link.kill()

    def begin(self) -> None:
        """See `BoundedEvaluator`."""
        self._left = self._seconds

    def __call__(self, node: Node, schema: FunctionSchema, inputs: Sequence[object]) -> list[object]:
        """One value per output of the node. Raises `EvaluationError` with the reason if there is none."""
        plain = compute_plainly(schema, inputs)
        if plain is not None:
            return [plain]
        operator = schema.name + ("." + schema.overload if schema.overload else "")
        if self._left <= 0:
            raise FoldingTimeError(self._seconds)
        try:
            if not self._link.is_running:
                self._start(operator)
            request_id = self._number()
            arguments = encode_constant(list(inputs), _take_apart)
            self._link.send(EvaluateRequest(request_id, operator, arguments, MAX_RESULT_BYTES))
        except (UnsendableError, UnsentMessageError) as error:
            raise EvaluationError(f"{operator} was not computed: {error}") from error
        except OSError as error:
            raise EvaluationError(
                f"{operator} was not computed: the runner does not start ({error})"
            ) from error
        began = time.perf_counter()
        reply = self._wait(request_id, operator, self._left)
        self._left -= time.perf_counter() - began
        if reply is None:
            self._left = 0.0
            raise FoldingTimeError(self._seconds)
        if not isinstance(reply, Evaluated):
            raise self._distrust(operator, "another answer than was asked for")
        if reply.why_not:
            raise EvaluationError(reply.why_not)
        try:
            values = decode_constant(reply.result, _assemble)
        except MalformedConstantError as error:
            raise self._distrust(operator, f"no constant ({error})") from error
        outputs = node.outputs
        if not isinstance(values, list) or len(values) != len(outputs):
            raise self._distrust(operator, f"not as many values as the {len(outputs)} of the node")
        for output, value in zip(outputs, values, strict=True):
            if not may_be(value, output.type):
                raise self._distrust(operator, f"a value that is no {output.type}")
        return values

    def _distrust(self, operator: str, what: str) -> EvaluationError:
        """End a process that gives what an operator cannot give: it is no longer our own program."""
        self._link.kill()
        return EvaluationError(f"{operator} was not computed: the process that computes gave {what}")

    def _number(self) -> int:
        self._next_id += 1
        return self._next_id

    def _start(self, operator: str) -> None:
        number = self._number()
        self._link.send(Ping(number))
        if self._wait(number, operator, START_SECONDS) is None:
            raise EvaluationError(f"{operator} was not computed: torch took too long to load")

    def _wait(self, request_id: int, operator: str, seconds: float) -> Evaluated | Pong | None:
        """The answer; None if it did not come in time, and then the process is ended."""
        end = time.perf_counter() + seconds
        while True:
            try:
                news = self._replies.get(timeout=max(0.001, end - time.perf_counter()))
            except queue.Empty:
                self._link.kill()
                return None
            if isinstance(news, RunnerDied):
                raise EvaluationError(f"{operator} was not computed: {news.sentence}")
            if isinstance(news, Evaluated | Pong) and news.id == request_id:
                return news
            if news.id > request_id:
                raise self._distrust(operator, "an answer before the question")


def _take_apart(value: object) -> TensorParts | None:
    if not isinstance(value, LazyTensor) or value.storage is None or value.quantizer is not None:
        return None
    return TensorParts(value.dtype, value.shape, bytes(value.data()))


def _assemble(parts: TensorParts) -> LazyTensor:
    element = _ELEMENTS[parts.dtype]
    count = 1
    strides: list[int] = []
    if len(parts.shape) > _MOST_DIMENSIONS or any(length < 0 for length in parts.shape):
        raise ValueError("a shape that no tensor has")
    for length in reversed(parts.shape):
        strides.insert(0, max(1, count))
        count *= length
    if -(-count // element.per_byte) * element.itemsize != len(parts.data):
        raise ValueError(f"{len(parts.data)} bytes for {count} elements")
    storage = LazyStorage(element, "computed", "cpu", count, lambda _record: memoryview(parts.data))
    return LazyTensor(storage, 0, parts.shape, tuple(strides))
