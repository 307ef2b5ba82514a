"""What an executor has made of a function, and the graph of it that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.exec.executor.shown_stage import with_forward_graphs
from jitcore.scripting.library.execution import last_executed_optimized_graph
from jitcore.scripting.library.texts import ScriptGraph

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.exec.executor.executors import Executors
    from jitcore.exec.executor.graph_executor import GraphExecutor
    from jitcore.ir import Graph


class Code:
    """What a plan runs. Differentiated graphs in it have executors of their own, forwards and backwards."""

    def __init__(self, graph: Graph, executors: Executors) -> None:
        self._graph = graph
        self._executors = executors

    def differentiable_op_executor_states(self) -> list[GraphExecutorState]:
        """The states of those that run forwards; one that has optimized nothing yet has no plan."""
        forwards = [operator.forward for operator in self._executors.operators_in(self._graph)]
        return [
            GraphExecutorState(None) if one.optimized is None else debug_state(one, self._executors)
            for one in forwards
        ]

    def grad_executor_states(self) -> list[GraphExecutorState]:
        """The states of those that compute gradients. Raises RuntimeError while one has optimized nothing."""
        operators = self._executors.operators_in(self._graph)
        return [debug_state(operator.backward, self._executors) for operator in operators]


class ExecutionPlan:
    """A plan of an executor. Attributes: `graph`, which it runs, and `code`."""

    def __init__(self, graph: Graph, executors: Executors) -> None:
        self.graph = ScriptGraph(graph)
        self.code = Code(graph, executors)


class ArgumentSpec:
    """What a plan is for; torch's profiling executor has one plan, for everything."""

    def __repr__(self) -> str:
        return "ArgumentSpec()"


class GraphExecutorState:
    """The optimized plan of an executor, the only one of `execution_plans`, if any; `graph` is None."""

    def __init__(self, plan: ExecutionPlan | None) -> None:
        self.execution_plans = {} if plan is None else {ArgumentSpec(): plan}
        self.graph = None


def debug_state(executor: GraphExecutor, executors: Executors) -> GraphExecutorState:
    """The state of an executor. Raises RuntimeError while nothing is optimized."""
    plan = executor.optimized
    if plan is None:
        raise RuntimeError("nothing is optimized yet: call the function more often, and let it be optimized")
    return GraphExecutorState(ExecutionPlan(plan.graph, executors))


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
            return ScriptGraph(with_forward_graphs(plan.graph.graph.copy(), _forward_graphs(plan)))
    call(*args, **kwargs)
    return last_executed_optimized_graph()


def _forward_graphs(plan: ExecutionPlan) -> list[Graph | None]:
    """What differentiated graphs of a plan were optimized to, None where they were not yet."""
    states = [list(state.execution_plans.values()) for state in plan.code.differentiable_op_executor_states()]
    return [found[0].graph.graph if found else None for found in states]
