"""The plans of one function, stage by stage, as torch's profiling executor makes them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from jitcore.exec.evaluator import TorchEvaluator
from jitcore.exec.executor.profiling_record import ProfilingRecord
from jitcore.exec.executor.settings import SETTINGS
from jitcore.ir import collection_paused
from jitcore.ops.autocast_lists import is_autocast
from jitcore.passes import PassContext
from jitcore.passes.execution.stages import (
    optimize_with_profile,
    optimize_without_profile,
    prepare_unoptimized,
)
from jitcore.passes.inline import body_for_inlining, keep_bodies_as_written
from jitcore.source import JitError

if TYPE_CHECKING:
    from jitcore.exec.interpreter import Interpreter
    from jitcore.exec.plan import GraphPlan
    from jitcore.ir import Function, Graph


class ExecutionPlan:
    """A graph and what runs it."""

    __slots__ = ("graph", "runner")

    def __init__(self, graph: Graph, runner: GraphPlan) -> None:
        self.graph = graph
        self.runner = runner


class GraphExecutor:
    """The stages of one function: as written, while it is profiled, and optimized.

    `optimized` is None until there is an optimized plan, which is run ever after. The settings of the
    process are asked for when they matter, as `ProfilingGraphExecutorImpl` does it (see `ExecutorSettings`).
    The function is `of_gradients` if it is given undefined tensors.
    """

    def __init__(self, function: Function, interpreter: Interpreter, *, of_gradients: bool = False) -> None:
        self._of_gradients = of_gradients
        self._function = function
        self._interpreter = interpreter
        self._strategy = SETTINGS.strategy
        self._unoptimized: ExecutionPlan | None = None
        self._record: ProfilingRecord | None = None
        self._profiling: ExecutionPlan | None = None
        self.optimized: ExecutionPlan | None = None
        if not SETTINGS.optimizes:
            # What runs for the first time without being optimized stays so, for whoever inlines it too.
            keep_bodies_as_written(function)

    @property
    def depth(self) -> int:
        """How many specializations may be made, one within the other."""
        return sum(count for _, count in self._strategy)

    @property
    def profiled(self) -> Graph | None:
        """The graph with what was noted in it, None before the first run."""
        return None if self._record is None else self._record.graph

    @cached_property
    def has_no_stages(self) -> bool:
        """Whether the function is interpreted as it is: it switches casts on, or cannot be inlined."""
        try:
            body = body_for_inlining(self._function)
        except JitError:
            # Calls without end, or a graph larger than a person looks at.
            return True
        entered = (node.inputs[0] for node in body.all_nodes() if node.kind == "prim::Enter")
        return any(is_autocast(value.type) for value in entered)

    @collection_paused()
    def plan(self) -> ExecutionPlan:
        """The plan of the next run, of a function that has stages. Raises `JitError` where there is none."""
        if self.optimized is not None:
            return self.optimized
        if not SETTINGS.optimizes or not SETTINGS.profiles:
            if self._unoptimized is None:
                graph = self._body()
                prepare_unoptimized(graph)
                self._unoptimized = self._compiled(graph)
            return self._unoptimized
        if self.depth == 0:
            self.optimized = self._compiled(self._without_profile())
            return self.optimized
        if self._record is None:
            graph, runs = self._without_profile(), SETTINGS.profiled_runs
            self._record = ProfilingRecord(graph, runs, of_gradients=self._of_gradients)
            with self._interpreter.observed(self._record):
                self._profiling = self._compiled(self._record.graph)
        if not self._record.is_ready:
            assert self._profiling is not None
            return self._profiling
        self.optimized = self._compiled(self._optimized_graph(self._record))
        return self.optimized

    def _body(self) -> Graph:
        return body_for_inlining(self._function).copy()

    def _without_profile(self) -> Graph:
        graph = self._body()
        optimize_without_profile(graph, self._context())
        return graph

    def _optimized_graph(self, record: ProfilingRecord) -> Graph:
        return optimize_with_profile(record.graph, self._context(), SETTINGS.tensor_expression_fuser)

    def _context(self) -> PassContext:
        return PassContext(TorchEvaluator(None, self._interpreter.materializer), function=self._function)

    def _compiled(self, graph: Graph) -> ExecutionPlan:
        return ExecutionPlan(graph, self._interpreter.plan_graph(graph, self._function.qualified_name))
