"""The graph of a stage of a function, after a number of runs with the same arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.exec.errors import ExecutionError
from jitcore.exec.executor.executors import Executors
from jitcore.exec.executor.last_executed import LAST_EXECUTED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    if executor.optimized is not None:
        return executor.optimized.graph.copy()
    executors.run(function, arguments())
    ran()
    assert LAST_EXECUTED.graph is not None
    return LAST_EXECUTED.graph
