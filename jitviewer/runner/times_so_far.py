"""The times of a run that failed: of the nodes that ran until then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.exec.plan_places import FAILURES
from jitviewer.runner.node_times import node_times

if TYPE_CHECKING:
    from jitcore.exec.profiler import Profiler
    from jitcore.ir import Graph
    from jitviewer.protocol.rows import NodeTime


class TimesSoFar:
    """Knows the profiler of a run from when it begins, so that a failure leaves what it measured."""

    def __init__(self) -> None:
        self._profiler: Profiler | None = None
        self._graph: Graph | None = None

    def watch(self, profiler: Profiler, graph: Graph) -> None:
        """The run is measured by this profiler."""
        self._profiler, self._graph = profiler, graph

    def rows(self) -> list[NodeTime]:
        """Times of the nodes that ran to their end: none without a profile, or if the device is lost."""
        if self._profiler is None or self._graph is None:
            return []
        try:
            return node_times(self._profiler.result_so_far(), self._graph)
        except FAILURES:
            # After some errors CUDA answers nothing, not even when its events were. The failure is told.
            return []
