"""What an executor has made of a function, and the graph of it that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.scripting.library.execution import last_executed_optimized_graph
from jitcore.scripting.library.texts import ScriptGraph

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.exec.executor.graph_executor import GraphExecutor


class ExecutionPlan:
    """A plan of an executor. Attribute: `graph`, which it runs."""

    def __init__(self, graph: ScriptGraph) -> None:
        self.graph = graph


class ArgumentSpec:
    """What a plan is for; torch's profiling executor has one plan, for everything."""

    def __repr__(self) -> str:
        return "ArgumentSpec()"


class GraphExecutorState:
    """The optimized plan of an executor, the only one of `execution_plans`; `graph` is None."""

    def __init__(self, plan: ExecutionPlan) -> None:
        self.execution_plans = {ArgumentSpec(): plan}
        self.graph = None


def debug_state(executor: GraphExecutor) -> GraphExecutorState:
    """The state of an executor. Raises RuntimeError while nothing is optimized."""
    plan = executor.optimized
    if plan is None:
        raise RuntimeError("nothing is optimized yet: call the function more often, and let it be optimized")
    return GraphExecutorState(ExecutionPlan(ScriptGraph(plan.graph)))


def graph_for(
    call: Callable[..., Any], parent: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> ScriptGraph | None:
    """The optimized graph of `parent`; while there is none, `call` is called, and what that ran is given.

    As torch.jit's function of the same name, where whatever fails in asking for the state leads to the call.
    """
    asked = getattr(parent, "get_debug_state", None)
    if asked is not None:
        try:
            (plan,) = asked().execution_plans.values()
        except RuntimeError:
            # Nothing is optimized yet.
            pass
        else:
            return plan.graph.copy()
    call(*args, **kwargs)
    return last_executed_optimized_graph()
