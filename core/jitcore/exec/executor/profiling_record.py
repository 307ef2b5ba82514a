"""Takes note of the tensors that flow through an instrumented graph, for as many runs as were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from jitcore.exec.executor.observed_tensor import ObservedTensor
from jitcore.passes.execution.profile_nodes import PROFILE, PROFILED_TYPE, SEEN_NONE
from jitcore.passes.execution.stages import instrument
from jitcore.types import OptionalType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.exec.steps import Frame, Step
    from jitcore.ir import Graph, Node


class ProfilingRecord:
    """An instrumented copy of a graph, whose profile nodes say what was seen.

    It observes the interpreter that runs `graph`. `remaining` is the number of whole runs still to be
    noted; a run that fails is noted as far as it came and does not count.
    """

    def __init__(self, graph: Graph, runs: int) -> None:
        self.graph = instrument(graph)
        self.remaining = runs
        self._seen: dict[Node, ObservedTensor] = {}

    @property
    def is_ready(self) -> bool:
        """Whether enough runs were noted."""
        return self.remaining == 0

    def observe(
        self, node: Node, function: str, step: Step, inputs: Sequence[int], outputs: Sequence[int]
    ) -> Step:
        """The step that notes what a profile node is given; others as they are."""
        if node.kind != PROFILE:
            return step
        if not inputs:
            return self._count_run
        source, out = inputs[0], outputs[0]

        def note(frame: Frame) -> None:
            value = frame[source]
            if self.remaining > 0:
                self._note(node, value)
            frame[out] = value

        return note

    def observe_turn(self, node: Node, function: str, turn: Step) -> Step:
        """Turns of loops as they are."""
        return turn

    def _count_run(self, _frame: Frame) -> None:
        if self.remaining > 0:
            self.remaining -= 1

    def _note(self, node: Node, value: Any) -> None:
        if value is None and isinstance(node.output.type, OptionalType):
            # Elsewhere None stands for what was never given a value.
            node.set_attribute(SEEN_NONE, 1)
        elif isinstance(value, torch.Tensor):
            seen = ObservedTensor.of(value)
            before = self._seen.get(node)
            if before is not None:
                seen = seen.merged(before)
            self._seen[node] = seen
            node.set_attribute(PROFILED_TYPE, seen.type())
