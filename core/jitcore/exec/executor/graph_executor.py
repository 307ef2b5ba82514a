"""The plans of one function, stage by stage, as torch's profiling executor makes them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from jitcore.exec.evaluator import TorchEvaluator
from jitcore.exec.executor.profiling_record import ProfilingRecord
from jitcore.exec.executor.settings import SETTINGS
from jitcore.exec.executor.specialisations import GuardRecord, Specialisation
from jitcore.exec.guard_tally import GuardTally
from jitcore.exec.staged_function import StagedFunction
from jitcore.ir import collection_paused
from jitcore.ops.autocast_lists import is_autocast
from jitcore.passes import PassContext
from jitcore.passes.execution.stages import (
    optimize_with_profile,
    optimize_without_profile,
    prepare_unoptimized,
)
from jitcore.passes.fusion.fallback_functions import NAME as FALLBACK_NAME
from jitcore.passes.fusion.fusion_choice import FusionChoice
from jitcore.passes.fusion.type_guards import GUARDS, TYPES
from jitcore.passes.inline import body_for_inlining, keep_bodies_as_written
from jitcore.source import JitError
from jitcore.types import FunctionType
from jitcore.types.printing import ir_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.exec.executor.settings import FusionBehavior
    from jitcore.exec.interpreter import Interpreter, MakeDifferentiable
    from jitcore.exec.plan import GraphPlan
    from jitcore.ir import Function, Graph, Node
    from jitcore.types import FunctionSchema, Type


class ExecutionPlan:
    """A graph and what runs it; `tallies` count the decisions of its guards, `runs` how often it began."""

    __slots__ = ("graph", "runner", "runs", "tallies")

    def __init__(self, graph: Graph, runner: GraphPlan, tallies: dict[Node, GuardTally]) -> None:
        self.graph = graph
        self.runner = runner
        self.tallies = tallies
        self.runs = 0


class GraphExecutor:
    """The stages of one function: as written, while it is profiled, and optimized.

    `optimized` is None until there is an optimized plan, which is run ever after. Where its guards fail, it
    calls functions with executors of their own, which may be specialized once less. The settings of the
    process are asked for when they matter, as `ProfilingGraphExecutorImpl` does it (see `ExecutorSettings`).
    `remaining` is how often may be specialized here, one within the other; None: as the strategy says.
    The function is `of_gradients` if it is given undefined tensors. `make_differentiable` gives what runs
    graphs that were differentiated.
    """

    def __init__(
        self,
        function: Function,
        interpreter: Interpreter,
        make_differentiable: MakeDifferentiable,
        remaining: int | None = None,
        *,
        of_gradients: bool = False,
    ) -> None:
        self._of_gradients = of_gradients
        self._function = function
        self._interpreter = interpreter
        self._make_differentiable = make_differentiable
        self._strategy = SETTINGS.strategy
        self._remaining = self.depth if remaining is None else remaining
        self._fallbacks: dict[Function, GraphExecutor] = {}
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
        if self._remaining == 0:
            self.optimized = self._compiled(self._without_profile())
            return self.optimized
        if self._record is None or self._profiling is None:
            graph, runs = self._without_profile(), SETTINGS.profiled_runs
            record = ProfilingRecord(
                graph, runs, of_gradients=self._of_gradients, with_reductions=SETTINGS.fuses_reductions
            )
            profiling = self._compiled(record.graph, record)
            # Both or none: what ends before there is a plan leaves the next call to begin anew.
            self._record, self._profiling = record, profiling
        if not self._record.is_ready:
            return self._profiling
        fallbacks: dict[Function, GraphExecutor] = {}
        self.optimized = self._compiled(self._optimized_graph(self._record, fallbacks), is_last=True)
        # Not before: where no plan can be made, each call tries anew, with other functions.
        self._fallbacks = fallbacks
        return self.optimized

    @property
    def behavior(self) -> FusionBehavior:
        """How the next specialization treats shapes: the strategy is used up from its beginning."""
        counted = 0
        for behavior, count in reversed(self._strategy):
            counted += count
            if self._remaining <= counted:
                return behavior
        return "STATIC"

    def run(self, arguments: Sequence[Any]) -> tuple[Any, ...]:
        """The results of the graph for arguments as they are. Raises `ExecutionError`."""
        plan = self.plan()
        plan.runs += 1
        return plan.runner.run(list(arguments))

    def specialisations(self) -> Specialisation:
        """The stages that were made so far, and how often each was run and each guard failed."""
        profiling, optimized = self._profiling, self.optimized
        return Specialisation(
            self.behavior if self._remaining else None,
            max(self._remaining - 1, 0),
            self.profiled,
            0 if profiling is None else profiling.runs,
            None if optimized is None else optimized.graph,
            0 if optimized is None else optimized.runs,
            ()
            if optimized is None
            else tuple(self._guard_record(*pair) for pair in optimized.tallies.items()),
        )

    def _guard_record(self, guard: Node, tally: GuardTally) -> GuardRecord:
        types = zip(guard.inputs, cast("list[Type]", guard.attributes[TYPES]), strict=True)
        fallback = _fallback_of(guard)
        executor = None if fallback is None else self._fallbacks.get(fallback)
        return GuardRecord(
            guard.id,
            guard.kind,
            tuple((value.name, ir_text(kind)) for value, kind in types),
            tally.passed,
            tally.failed,
            tuple(tally.reasons.most_common()),
            None if executor is None else executor.specialisations(),
        )

    def _body(self) -> Graph:
        return body_for_inlining(self._function).copy()

    def _without_profile(self) -> Graph:
        graph = self._body()
        optimize_without_profile(graph, self._context())
        return graph

    def _optimized_graph(self, record: ProfilingRecord, fallbacks: dict[Function, GraphExecutor]) -> Graph:
        """The graph for what was noted; what its guards fall back to is put into `fallbacks`."""

        def fall_back(schema: FunctionSchema, graph: Graph) -> Function:
            function, executor = self._fallback(schema, graph)
            fallbacks[function] = executor
            return function

        fusion = None
        if SETTINGS.tensor_expression_fuser:
            fusion = FusionChoice(
                SETTINGS.fuses_on_cpu,
                SETTINGS.fuses_on_gpu,
                is_dynamic=self.behavior == "DYNAMIC",
                reduces=SETTINGS.fuses_reductions,
            )
        return optimize_with_profile(record.graph, self._context(), fusion, fall_back)

    def _fallback(self, schema: FunctionSchema, graph: Graph) -> tuple[Function, GraphExecutor]:
        function = StagedFunction(FALLBACK_NAME, schema, graph)
        executor = GraphExecutor(
            function,
            self._interpreter,
            self._make_differentiable,
            self._remaining - 1,
            of_gradients=self._of_gradients,
        )
        function.run = lambda arguments: executor.run(arguments)[0]
        return function, executor

    def _context(self) -> PassContext:
        return PassContext(TorchEvaluator(None, self._interpreter.materializer), function=self._function)

    def _compiled(
        self, graph: Graph, observer: ProfilingRecord | None = None, *, is_last: bool = False
    ) -> ExecutionPlan:
        name = self._function.qualified_name
        tallies = {node: GuardTally() for node in graph.all_nodes() if node.kind in GUARDS}
        runner = self._interpreter.plan_stage(graph, name, tallies, self._make_differentiable, observer)
        compiling = SETTINGS.compiling
        if compiling is not None and is_last and not self._of_gradients and not tallies:
            runner = compiling.compiled_whole(
                name,
                graph,
                runner,
                lambda watch: self._interpreter.plan_stage(graph, name, {}, self._make_differentiable, watch),
            )
        return ExecutionPlan(graph, runner, tallies)


def _fallback_of(guard: Node) -> Function | None:
    """The function that is called where the guard fails."""
    # Of guards that ask the same one is left, for several groups: it stands for what the first falls back to.
    for chosen in dict.fromkeys(user for user, _ in guard.outputs[-1].use_map if user.kind == "prim::If"):
        for node in chosen.blocks[1].nodes():
            kind = node.output.type if node.is_constant else None
            if isinstance(kind, FunctionType):
                return cast("Function", kind.function)
    return None
