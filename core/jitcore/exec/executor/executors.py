"""The executors of all functions that one interpreter runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.exec.autocast import state_of_torch
from jitcore.exec.executor.graph_executor import GraphExecutor
from jitcore.exec.executor.last_executed import LAST_EXECUTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.exec.interpreter import Interpreter
    from jitcore.ir import Function


class Executors:
    """Runs functions through the stages of their executors, each made when its function is first called.

    What casts by itself (autocast), what cannot be inlined, and what somebody watches is interpreted as it
    was written.
    """

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self._of: dict[Function, GraphExecutor] = {}

    def executor_of(self, function: Function) -> GraphExecutor:
        """The executor of a function."""
        found = self._of.get(function)
        if found is None:
            found = self._of[function] = GraphExecutor(function, self._interpreter)
        return found

    def run(self, function: Function, arguments: Sequence[Any]) -> Any:
        """The result of a function, or of a method with its object first, for arguments as they are.

        Raises `ExecutionError`.
        """
        executor = self.executor_of(function)
        is_watched = self._interpreter.observer is not None
        if is_watched or executor.has_no_stages or state_of_torch() is not None:
            result = self._interpreter.call(function, arguments)
            LAST_EXECUTED.graph = function.graph
            return result
        plan = executor.plan()
        self._interpreter.warned.clear()
        plan.runs += 1
        results = plan.runner.run(list(arguments))
        LAST_EXECUTED.graph = plan.graph
        return results[0] if len(results) == 1 else results
