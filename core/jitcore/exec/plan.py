"""A compiled graph, and what the plans of one program share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from jitcore.exec.errors import ExecutionError
from jitcore.exec.plan_places import located

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.exec.autocast import Autocasting
    from jitcore.exec.guard_tally import GuardTally
    from jitcore.exec.watching import Observer
    from jitcore.ir import Function, Node


class Program(Protocol):
    """What the plans of one program share."""

    observer: Observer | None
    allows_files: bool
    """Whether operators may run that can reach the file system."""
    warned: set[int]
    """Numbers of the warnings that the present run has given: each is given once a run."""
    autocasting: Autocasting
    """What is cast at present by plans that cast."""

    def plan_of(self, function: Function, casts: bool = False) -> GraphPlan:
        """The plan of a function, as it is or such that it casts what `autocasting` says."""
        ...

    def constant(self, node: Node) -> object:
        """The runnable value of a `prim::Constant`."""
        ...

    def runnable(self, value: object) -> object:
        """The runnable value of what a node holds as an attribute."""
        ...

    def tally_of(self, node: Node) -> GuardTally | None:
        """What counts the decisions of a guard; None where nobody asks."""
        ...

    def print_text(self, text: str) -> None:
        """Write what the program prints."""
        ...

    def differentiable(self, node: Node) -> Callable[..., tuple[Any, ...]]:
        """What runs a `prim::DifferentiableGraph`. Raises `MissingOperatorError` if no executor made it."""
        ...

    def python_function(self, node: Node, function: Callable[..., Any]) -> Callable[..., Any]:
        """What is called for a Python function that a program calls."""
        ...


class GraphPlan:
    """A graph compiled to a function of Python.

    `function` takes one argument for each input of the graph, and gives the value of its only output or a
    tuple of those of several; `enter` takes them as a list, which it empties. What these raise does not know
    the nodes yet: `run` tells them. `source` is what was compiled.
    """

    __slots__ = ("_input_count", "_output_count", "enter", "function", "source")

    def __init__(
        self,
        function: Callable[..., Any],
        enter: Callable[[list[Any]], Any],
        input_count: int,
        output_count: int,
        source: str,
    ) -> None:
        self.function = function
        self.source = source
        self.enter = enter
        self._input_count = input_count
        self._output_count = output_count

    def run(self, arguments: list[Any]) -> tuple[Any, ...]:
        """Run on `arguments`, one per input, giving one value per output. The list is emptied, so
        that no value of the caller lives longer than the graph needs it."""
        given = self.run_for_value(arguments)
        return (given,) if self._output_count == 1 else given

    def run_for_value(self, arguments: list[Any]) -> Any:
        """Like `run`, but gives the value of an only output as it is."""
        count = self._input_count
        if len(arguments) != count:
            raise ExecutionError(f"{count} arguments expected, got {len(arguments)}")
        try:
            return self.enter(arguments)
        except BaseException as error:
            found = located(error)
            if found is error and not isinstance(error, ExecutionError):
                raise
            raise found from found.__cause__
