"""The executors of all functions that one interpreter runs."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from jitcore.exec.autocast import state_of_torch
from jitcore.exec.errors import MissingOperatorError
from jitcore.exec.executor.differentiable_operator import DifferentiableOperator
from jitcore.exec.executor.graph_executor import GraphExecutor
from jitcore.exec.executor.last_executed import LAST_EXECUTED
from jitcore.exec.executor.settings import SETTINGS
from jitcore.ir import Function
from jitcore.passes.gradients.gradient import Gradient, groups_of
from jitcore.types import FunctionSchema

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.exec.interpreter import Interpreter
    from jitcore.ir import Graph, Node


class Executors:
    """Runs functions through the stages of their executors, each made when its function is first called.

    What casts by itself (autocast), what cannot be inlined, and what somebody watches is interpreted as it
    was written.
    """

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self._of: dict[Function, GraphExecutor] = {}
        self._operators: dict[Node, DifferentiableOperator] = {}
        self._make_differentiable = _asking(self)

    def executor_of(self, function: Function) -> GraphExecutor:
        """The executor of a function."""
        found = self._of.get(function)
        if found is None:
            found = self._of[function] = GraphExecutor(function, self._interpreter, self._make_differentiable)
        return found

    def operator_of(self, node: Node) -> DifferentiableOperator:
        """What runs a graph that was differentiated, with executors of its two graphs."""
        found = self._operators.get(node)
        if found is None:
            gradient = Gradient.of(node)
            found = self._operators[node] = DifferentiableOperator(
                gradient,
                GraphExecutor(
                    _function_of(gradient.forward, "<forward op>"),
                    self._interpreter,
                    self._make_differentiable,
                ),
                GraphExecutor(
                    _function_of(gradient.backward, "<backward op>"),
                    self._interpreter,
                    self._make_differentiable,
                    of_gradients=True,
                ),
            )
        return found

    def operators_in(self, graph: Graph) -> list[DifferentiableOperator]:
        """What runs the differentiated graphs of a plan's graph, in their order."""
        return [self.operator_of(node) for node in groups_of(graph)]

    def run(self, function: Function, arguments: Sequence[Any]) -> Any:
        """The result of a function, or of a method with its object first, for arguments as they are.

        Raises `ExecutionError`.
        """
        is_interpreted = SETTINGS.interprets or self._interpreter.observer is not None
        if is_interpreted or self.executor_of(function).has_no_stages or state_of_torch() is not None:
            result = self._interpreter.call(function, arguments)
            LAST_EXECUTED.graph = function.graph
            return result
        plan = self.executor_of(function).plan()
        self._interpreter.warned.clear()
        plan.runs += 1
        results = plan.runner.run(list(arguments))
        LAST_EXECUTED.graph = plan.graph
        return results[0] if len(results) == 1 else results


def _asking(executors: Executors) -> Callable[[Node], DifferentiableOperator]:
    """What asks executors for an operator, and does not keep them alive."""
    reference = weakref.ref(executors)

    def ask(node: Node) -> DifferentiableOperator:
        alive = reference()
        if alive is None:
            raise MissingOperatorError("the executors that made it are gone", node.kind)
        return alive.operator_of(node)

    return ask


def _function_of(graph: Graph, name: str) -> Function:
    """A function that runs a graph, which is what callers inline as it is."""
    function = Function(name, FunctionSchema(name, "", (), ()), graph)
    function.optimized = graph
    return function
