"""Takes note of the tensors that flow through an instrumented graph, for as many runs as were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.exec.executor.observed_tensor import ObservedTensor
from jitcore.exec.watching import NodeWatch
from jitcore.passes.execution.profile_nodes import PROFILE, PROFILED_TYPE, SEEN_NONE
from jitcore.passes.execution.stages import instrument
from jitcore.passes.gradients.sizes_to_note import NONE, NONE_COUNTS, PRESENT, PROFILE_OF_VALUE
from jitcore.types import OptionalType

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node


class ProfilingRecord:
    """An instrumented copy of a graph, whose profile nodes say what was seen.

    It observes the interpreter that runs `graph`. `remaining` is the number of whole runs still to be
    noted; a run that fails is noted as far as it came and does not count. In a graph `of_gradients` None is
    a tensor that is undefined. `with_reductions` these are going to be fused, and noted.
    """

    def __init__(
        self, graph: Graph, runs: int, *, of_gradients: bool = False, with_reductions: bool = False
    ) -> None:
        self._of_gradients = of_gradients
        self.graph = instrument(graph, with_reductions)
        self.remaining = runs
        self._seen: dict[Node, ObservedTensor] = {}

    @property
    def is_ready(self) -> bool:
        """Whether enough runs were noted."""
        return self.remaining == 0

    def watch(self, node: Node, function: str) -> NodeWatch | None:
        """What takes note of what a profile node is given; no other is watched."""
        if node.kind == PROFILE_OF_VALUE and NONE_COUNTS in node.attributes:
            return NodeWatch(given=lambda values: self._count_none(node, values[0]))
        if node.kind != PROFILE:
            return None
        if not node.inputs:
            return NodeWatch(begin=self._count_run)
        return NodeWatch(given=lambda values: self._note(node, values[0]))

    def watch_turns(self, node: Node, function: str) -> None:
        """Turns of loops are not watched."""

    def _count_run(self) -> None:
        if self.remaining > 0:
            self.remaining -= 1

    def _count_none(self, node: Node, value: Any) -> None:
        if self.remaining:
            counts = cast("dict[str, int]", node.attributes[NONE_COUNTS])
            key = NONE if value is None else PRESENT
            node.set_attribute(NONE_COUNTS, counts | {key: counts[key] + 1})

    def _note(self, node: Node, value: Any) -> None:
        if not self.remaining:
            return
        if value is None and isinstance(node.output.type, OptionalType):
            # Elsewhere None stands for what was never given a value.
            node.set_attribute(SEEN_NONE, 1)
        elif isinstance(value, torch.Tensor) or (value is None and self._of_gradients):
            seen = ObservedTensor.undefined() if value is None else ObservedTensor.of(value)
            before = self._seen.get(node)
            if before is not None:
                seen = seen.merged(before)
            self._seen[node] = seen
            node.set_attribute(PROFILED_TYPE, seen.type())
