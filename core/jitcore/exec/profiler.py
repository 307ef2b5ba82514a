"""Runs a function or graph several times and measures every node, and what its outputs were."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from jitcore.exec.arguments import fit_arguments
from jitcore.exec.clocks import CpuClock, CudaClock
from jitcore.exec.distinct_elements import has_nan
from jitcore.exec.interpreter import Interpreter
from jitcore.exec.metrics.node_metrics import NodeMetrics
from jitcore.exec.metrics.run_tally import RunTally
from jitcore.exec.metrics.tensors_within import tensors_within
from jitcore.exec.runtime_types import type_text
from jitcore.exec.watching import NodeWatch
from jitcore.ir import Function

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jitcore.exec.clocks import Clock
    from jitcore.exec.metrics.live_storages import MemoryProfile
    from jitcore.exec.values import Materializer
    from jitcore.exec.watching import Values
    from jitcore.ir import Graph, Node

NodeKey = tuple[str, int]
"""The function whose graph a node stands in ("" for the graph that was run), and the node's id in it."""

StepName = tuple[NodeKey, str]
"""Where the node of a timed step stands, and its kind."""

ValueTaker = Callable[[int, list[Any]], None]
"""Is given the id of a node and its outputs."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Nanoseconds, one entry per repeat."""

    values: tuple[int, ...]

    @property
    def median(self) -> float:
        """Median."""
        return statistics.median(self.values)

    @property
    def minimum(self) -> int:
        """Smallest."""
        return min(self.values)

    @property
    def spread(self) -> float:
        """Distance between the quartiles; 0 for a single repeat."""
        if len(self.values) < 2:
            return 0.0
        lower, _, upper = statistics.quantiles(self.values, n=4, method="inclusive")
        return upper - lower


@dataclass(frozen=True, slots=True)
class NodeProfile:
    """What was measured of one node.

    `total` is the time of all its runs in a repeat, `own` that without nested blocks and called
    graphs; `calls` is how often it ran in a repeat (the last one). `types` are the types of its
    outputs when it first ran, `output_bytes` the size of the tensors among them, `has_nan` whether
    one of them held a NaN in the first repeat (None: not looked for). `metrics` are of the first repeat,
    warming up or not.
    """

    kind: str
    total: Samples
    own: Samples
    calls: int
    types: tuple[str, ...]
    output_bytes: int
    has_nan: bool | None
    metrics: NodeMetrics


@dataclass(frozen=True, slots=True)
class Profile:
    """Times of all nodes that ran, by (function, node id); `wall` are whole runs.

    `first_nan` is the node that first gave a NaN although none of its inputs had one, if NaNs were
    looked for and one was found. `device` is where the times were taken, `memory` what was alive along the
    first repeat.
    """

    nodes: dict[NodeKey, NodeProfile]
    wall: Samples
    device: str
    first_nan: NodeKey | None
    memory: MemoryProfile


class _Seen:
    """What is remembered of a node while it is measured."""

    __slots__ = ("calls", "has_nan", "key", "kind", "output_bytes", "own", "total", "types")

    def __init__(self, key: NodeKey, kind: str) -> None:
        self.key = key
        self.kind = kind
        self.total: list[int] = []
        self.own: list[int] = []
        self.calls = 0
        self.types: tuple[str, ...] = ()
        self.output_bytes = 0
        self.has_nan: bool | None = None


class _Recorder:
    """The observer of a profiled interpreter."""

    def __init__(self, clock: Clock, root: str, finds_nan: bool, take: ValueTaker | None) -> None:
        self._clock = clock
        self._root = root
        self._finds_nan = finds_nan
        self._take = take
        self._numbers: dict[NodeKey, int] = {}
        self.looks = True
        self.seen: list[_Seen] = []
        self.first_nan: NodeKey | None = None
        self._begun_ns = 0
        self.tally = RunTally(lambda: self._clock.host_ns() - self._begun_ns)

    def begin(self, arguments: list[Any]) -> None:
        """A repeat begins; the first one is looked at."""
        if self.looks:
            self._clock.left_out(self.tally.begin)(arguments)
            self._begun_ns = self._clock.host_ns()

    def watch(self, node: Node, function: str) -> NodeWatch:
        """See `Observer`."""
        key = ("" if function == self._root else function, node.id)
        number = self._numbers.setdefault(key, len(self.seen))
        if number == len(self.seen):
            self.seen.append(_Seen(key, node.kind))
        begin, end = self._clock.marks(number)
        if not self.looks:
            return NodeWatch(begin=begin, end=end)
        before, after = self.tally.hooks(node, key)
        look = self._look(self.seen[number], after)
        given = None if before is None else self._clock.left_out(before)
        return NodeWatch(given=given, begin=begin, end=end, gave=self._clock.left_out(look))

    def watch_turns(self, node: Node, function: str) -> None:
        """Turns have no times of their own."""

    def _look(
        self, seen: _Seen, measure: Callable[[Values, Values], None]
    ) -> Callable[[Values, Values], None]:
        take = self._take if not seen.key[0] else None

        def look(given: Values, outputs: Values) -> None:
            measure(given, outputs)
            if not outputs:
                return
            values = [*outputs]
            if take is not None:
                take(seen.key[1], values)
            if not seen.types:
                seen.types = tuple(type_text(value) for value in values)
                seen.output_bytes = sum(x.nbytes for x in tensors_within(values) if x.layout == torch.strided)
            if self._finds_nan and not seen.has_nan:
                seen.has_nan = any(_has_nan(x) for x in tensors_within(values))
                if (
                    seen.has_nan
                    and self.first_nan is None
                    and not any(_has_nan(x) for x in tensors_within(given))
                ):
                    self.first_nan = seen.key

        return look

    def collect(self, keep: bool) -> None:
        """End a repeat; a warm-up's times are not kept."""
        counts = self._clock.collect()
        if not keep:
            return
        for seen, (total, own, calls) in zip(self.seen, counts, strict=False):
            seen.total.append(total)
            seen.own.append(own)
            seen.calls = calls


class Profiler:
    """Profiles runs of one function or graph.

    Give each repeat to `run_once` and ask for `result` at the end; the first run also looks at the
    types of what every node gives, at a cost that is left out of the times. Repeats in which a node
    did not run count as zero for it. `take_values` is given the id of each node of the graph that is
    run and its outputs, whenever it has run in the first repeat.
    """

    def __init__(
        self,
        program: Function | Graph,
        materializer: Materializer | None = None,
        device: str = "cpu",
        print_text: Callable[[str], object] | None = None,
        allow_files: bool = False,
        find_nan: bool = False,
        clock: Clock | None = None,
        name: str = "forward",
        take_values: ValueTaker | None = None,
    ) -> None:
        self._program = program
        self._device = device
        self._clock = clock or (CudaClock() if device.startswith("cuda") else CpuClock())
        self._root = program.qualified_name if isinstance(program, Function) else name
        self._recorder = _Recorder(self._clock, self._root, find_nan, take_values)
        self._make = lambda: Interpreter(materializer, self._recorder, print_text, allow_files)
        self._looking: Callable[[list[Any]], tuple[Any, ...]] | None = self._runner()
        self._timing: Callable[[list[Any]], tuple[Any, ...]] | None = None
        self._wall: list[int] = []

    def _runner(self) -> Callable[[list[Any]], tuple[Any, ...]]:
        interpreter = self._make()
        program = self._program
        if isinstance(program, Function):
            schema, plan, defaults = program.schema, interpreter.plan_of(program), interpreter.materializer
            return lambda arguments: plan.run(fit_arguments(schema, arguments, defaults))
        return interpreter.plan_graph(program, self._root).run

    def run_once(self, arguments: Iterable[Any], keep: bool = True) -> Any:
        """One run; its result (a tuple of several). With `keep` false it warms up: its times are dropped."""
        results = self.run_for_results(arguments, keep)
        return results[0] if len(results) == 1 else results

    def run_for_results(self, arguments: Iterable[Any], keep: bool = True) -> tuple[Any, ...]:
        """Like `run_once`, with one value for each result of the graph."""
        given = list(arguments)
        if self._looking is not None:
            runner, self._looking = self._looking, None
        else:
            if self._timing is None:
                self._recorder.looks = False
                self._timing = self._runner()
            runner = self._timing
        was_collecting = gc.isenabled()
        # A collection in the middle would be charged to whatever node it falls on.
        gc.disable()
        try:
            self._recorder.begin(given)
            start = self._clock.now_ns()
            results = runner(given)
            elapsed = self._clock.now_ns() - start
        finally:
            if was_collecting:
                gc.enable()
        self._recorder.collect(keep)
        if keep:
            self._wall.append(elapsed)
        return results

    def step_names(self) -> list[StepName]:
        """What the steps are that the clock was given, by their numbers."""
        return [(seen.key, seen.kind) for seen in self._recorder.seen]

    def result(self) -> Profile:
        """What the repeats so far measured; needs one that was kept."""
        if not self._wall:
            raise ValueError("no repeat has been measured")
        return self._profile(tuple(self._wall))

    def result_so_far(self) -> Profile:
        """What was measured until a repeat failed: the repeats before, or else what ran in that one.

        A node in which the failure was, and those around it, did not end and have no time.
        """
        if self._wall:
            return self._profile(tuple(self._wall))
        self._recorder.collect(keep=True)
        return self._profile((sum(seen.own[0] for seen in self._recorder.seen),))

    def _profile(self, wall: tuple[int, ...]) -> Profile:
        repeats, tally = len(wall), self._recorder.tally
        nodes: dict[NodeKey, NodeProfile] = {}
        for seen in self._recorder.seen:
            if not any(seen.total) and not seen.calls:
                continue
            # A node of a function that was first called in a later repeat missed the first ones.
            total = Samples(tuple([0] * (repeats - len(seen.total)) + seen.total))
            own = Samples(tuple([0] * (repeats - len(seen.own)) + seen.own))
            nodes[seen.key] = NodeProfile(
                seen.kind, total, own, seen.calls, seen.types, seen.output_bytes, seen.has_nan,
                tally.metrics(seen.key),
            )  # fmt: skip
        return Profile(nodes, Samples(wall), self._device, self._recorder.first_nan, tally.memory())


def profile(
    program: Function | Graph,
    arguments: Sequence[Any],
    repeats: int = 1,
    warmup: int = 0,
    materializer: Materializer | None = None,
    device: str = "cpu",
    find_nan: bool = False,
) -> Profile:
    """Run `warmup + repeats` times on the same arguments and measure every node; see `Profiler`."""
    profiler = Profiler(program, materializer, device, find_nan=find_nan)
    for index in range(warmup + repeats):
        profiler.run_once(arguments, keep=index >= warmup)
    return profiler.result()


def _has_nan(tensor: torch.Tensor) -> bool:
    if not (tensor.is_floating_point() or tensor.is_complex()) or tensor.layout != torch.strided:
        return False
    return has_nan(tensor)
