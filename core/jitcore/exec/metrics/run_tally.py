"""Adds up what the nodes of one run cost: operations, bytes, memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jitcore.exec.metrics.flop_counts import FlopCounts
from jitcore.exec.metrics.live_storages import LiveStorages
from jitcore.exec.metrics.node_metrics import NodeMetrics
from jitcore.exec.metrics.tensors_within import tensors_within
from jitcore.exec.metrics.traffic import traffic_of, traffic_of_group
from jitcore.ir import Graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jitcore.exec.metrics.live_storages import MemoryProfile, NodeKey
    from jitcore.ir import Node

Values = tuple[Any, ...]

_CALLS: Final = frozenset({
    "prim::CallMethod", "prim::CallFunction", "prim::fork", "prim::awaitable", "prim::awaitable_wait",
    "aten::wait", "prim::Enter", "prim::Exit",
})  # fmt: skip


class _Sums:
    """What a node cost so far. `has_inner` says that nodes ran while it did."""

    __slots__ = ("allocated", "flops", "has_inner", "is_of_graph", "key", "moved", "occurrences", "peak")

    def __init__(self, key: NodeKey) -> None:
        self.key = key
        self.is_of_graph = not key[0]
        self.flops: int | None = None
        self.moved: int | None = None
        self.allocated = 0
        self.peak = 0
        self.occurrences = 0
        self.has_inner = False

    def add(self, flops: int | None, moved: int | None, allocated: int) -> None:
        if flops is not None:
            self.flops = flops + (self.flops or 0)
        if moved is not None:
            self.moved = moved + (self.moved or 0)
        self.allocated += allocated


class RunTally:
    """Is asked for the hooks of each node, and for sums when the run is over.

    `now` is the time of the program since the run began, in nanoseconds. Nodes are known by the function that
    they stand in, "" for the graph that is run, and their id.
    """

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._counts = FlopCounts()
        self._storages = LiveStorages()
        self._sums: dict[NodeKey, _Sums] = {}
        self._around: list[_Sums] = []

    def begin(self, arguments: Iterable[Any]) -> None:
        """The run begins with these."""
        self._storages.take_inputs(tensors_within(arguments))

    def hooks(
        self, node: Node, key: NodeKey
    ) -> tuple[Callable[[Values], None] | None, Callable[[Values, Values], None]]:
        """What is called before the node, if anything is, and after it, with arguments and results."""
        sums = self._sums.setdefault(key, _Sums(key))
        if node.blocks or node.kind in _CALLS or any(isinstance(a, Graph) for a in node.attributes.values()):
            return self._of_what_holds_nodes(node, sums)
        flops, moved = self._counts.of(node), traffic_of(node)
        is_old = node.kind in ("prim::GetAttr", "prim::Constant")

        def after(given: Values, outputs: Values) -> None:
            at, storages = self._now(), self._storages
            storages.take_weights(tensors_within(outputs if is_old else given))
            self._add(
                sums,
                None if flops is None else flops(given, outputs),
                None if moved is None else moved(given, outputs),
                storages.take_outputs(tensors_within(outputs), self._owner(sums).key),
            )
            storages.note(at, sums.key, sums.occurrences)
            sums.occurrences += 1

        return None, after

    def _of_what_holds_nodes(
        self, node: Node, sums: _Sums
    ) -> tuple[Callable[[Values], None], Callable[[Values, Values], None]]:
        is_group = not node.blocks and node.kind not in _CALLS

        def before(_: Values) -> None:
            sums.has_inner = False
            self._around.append(sums)

        def after(given: Values, outputs: Values) -> None:
            self._around.pop()
            moved = traffic_of_group(given, outputs) if is_group and not sums.has_inner else None
            made = self._storages.take_outputs(tensors_within(outputs), self._owner(sums).key)
            self._add(sums, None, moved, made)
            sums.occurrences += 1

        return before, after

    def _owner(self, sums: _Sums) -> _Sums:
        """The node itself, or of one in another function that of the graph which called it."""
        if sums.is_of_graph:
            return sums
        return next((around for around in reversed(self._around) if around.is_of_graph), sums)

    def _add(self, sums: _Sums, flops: int | None, moved: int | None, allocated: int) -> None:
        sums.add(flops, moved, allocated)
        owner = self._owner(sums)
        if owner is not sums:
            owner.add(flops, moved, allocated)
        alive = self._storages.bytes
        sums.peak = max(sums.peak, alive)
        for around in self._around:
            around.has_inner = True
            around.peak = max(around.peak, alive)

    def metrics(self, key: NodeKey) -> NodeMetrics:
        """What a node cost; of one that did not run nothing is known."""
        sums = self._sums.get(key)
        if sums is None:
            return NodeMetrics()
        return NodeMetrics(sums.flops, sums.moved, sums.allocated, sums.peak)

    def memory(self) -> MemoryProfile:
        """Memory along the run."""
        return self._storages.profile()
