"""The graph of a stage of a function, after a number of runs with the same arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.exec.errors import ExecutionError
from jitcore.exec.executor.executors import Executors
from jitcore.exec.executor.last_executed import LAST_EXECUTED
from jitcore.passes.gradients.gradient import groups_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.exec.executor.graph_executor import GraphExecutor
    from jitcore.exec.interpreter import Interpreter
    from jitcore.ir import Function, Graph

STAGES = ("profiled", "optimized")
"""What can be asked for: the graph that notes what flows, and the one that was made with that."""


def graph_after(
    interpreter: Interpreter,
    function: Function,
    arguments: Callable[[], Sequence[Any]],
    runs: int,
    stage: str,
    ran: Callable[[], object] = lambda: None,
) -> Graph:
    """The graph of a stage after `runs` runs, as `graph_for` gives it; `arguments` are those of the next run.

    Of the optimized stage a run more is made where nothing is optimized yet, as `graph_for` does. `ran` is
    called after each run. Raises `ExecutionError`, and where the function has no such stage.
    """
    executors = Executors(interpreter)
    executor = executors.executor_of(function)
    if executor.has_no_stages:
        raise ExecutionError(
            f"{function.qualified_name} is run as it was written, since it cannot be inlined or switches "
            "autocast on: it has no other stages"
        )
    for _ in range(runs):
        executors.run(function, arguments())
        ran()
    if stage == "profiled":
        profiled = executor.profiled
        if profiled is None:
            raise ExecutionError(f"{function.qualified_name} was not run, so nothing was noted")
        return profiled
    found = optimized_graph(executors, executor)
    if found is not None:
        return found
    executors.run(function, arguments())
    ran()
    assert LAST_EXECUTED.graph is not None
    return LAST_EXECUTED.graph


def optimized_graph(executors: Executors, executor: GraphExecutor) -> Graph | None:
    """The optimized graph with what is optimized within it; None where it is not optimized yet."""
    if executor.optimized is None:
        return None
    graph = executor.optimized.graph
    plans = [operator.forward.optimized for operator in executors.operators_in(graph)]
    return with_forward_graphs(graph.copy(), [None if plan is None else plan.graph for plan in plans])


def with_forward_graphs(graph: Graph, forward_graphs: Sequence[Graph | None]) -> Graph:
    """The graph with the graphs that differentiated ones in it were optimized to, where they were."""
    for node, forward in zip(groups_of(graph), forward_graphs, strict=True):
        if forward is not None:
            node.set_attribute("Subgraph", forward)
    return graph
