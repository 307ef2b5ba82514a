"""Runs graphs: compiles each function to a plan when it is first called, and keeps the plans."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any

from jitcore.exec import (  # they declare how kinds of nodes are compiled
    batched_products,
    builtins,
    constant_chunk,
    control_flow,
    fusion_groups,
    gradients,
    hashing,
    mkldnn,
    objects,
    sorting,
)
from jitcore.exec.arguments import fit_arguments
from jitcore.exec.autocast import Autocasting, state_of_torch
from jitcore.exec.errors import MissingOperatorError
from jitcore.exec.plan_builder import PlanBuilder
from jitcore.exec.values import Materializer
from jitcore.ir import Function, Graph
from jitcore.types import FunctionType

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from jitcore.exec.guard_tally import GuardTally
    from jitcore.exec.plan import GraphPlan
    from jitcore.exec.watching import Observer
    from jitcore.ir import Node

    MakeDifferentiable = Callable[[Node], Callable[..., tuple[Any, ...]]]

__all__ = [
    "Interpreter", "batched_products", "builtins", "constant_chunk", "control_flow", "fusion_groups",
    "gradients", "hashing", "mkldnn", "objects", "run", "sorting",
]  # fmt: skip


def _print(text: str) -> None:
    # Whoever redirects the standard output means what is printed from now on.
    sys.stdout.write(text)


class Interpreter:
    """Runs functions and graphs with TorchScript's semantics.

    `materializer` makes constants runnable (give the one that made the module, so that storages are
    shared); `observer` sees every node; `print_text` gets what the program prints. Without
    `allow_files` operators that reach the file system fail, and objects of C++ classes of other
    libraries than torch. Gradients are recorded if the caller's `torch.is_grad_enabled()` says so, as
    torch does: wrap runs in `torch.no_grad()` to infer only.
    """

    def __init__(
        self,
        materializer: Materializer | None = None,
        observer: Observer | None = None,
        print_text: Callable[[str], object] | None = None,
        allow_files: bool = False,
    ) -> None:
        self.observer = observer
        if materializer is None:
            materializer = Materializer(call=self.call, allow_files=allow_files)
        self.materializer = materializer
        self._print = print_text if print_text is not None else _print
        self.allows_files = allow_files
        self.warned: set[int] = set()
        self.adapt_python: Callable[[Node, Callable[..., Any]], Callable[..., Any]] | None = None
        self.autocasting = Autocasting()
        self._tallies: dict[Node, GuardTally] = {}
        self._make_differentiable: MakeDifferentiable | None = None
        self._plans: dict[tuple[Function, bool], GraphPlan] = {}

    def call(self, function: Function, arguments: Sequence[Any]) -> Any:
        """Call a function, or a method with its object first, on arguments as they are."""
        self.warned.clear()
        around = state_of_torch()
        if around is None:
            return self.plan_of(function).run_for_value(list(arguments))
        plan = self.plan_of(function, casts=True)
        return self.autocasting.within(around, lambda: plan.run_for_value(list(arguments)))

    def run(self, program: Function | Graph, arguments: Sequence[Any], name: str = "forward") -> Any:
        """Run on arguments as a caller in Python would give them.

        Missing arguments get the defaults of the schema and ints become floats where floats are
        wanted. A graph gives its only result, or a tuple of several. `name` names a graph in
        tracebacks. Raises `ExecutionError`.
        """
        if isinstance(program, Function):
            return self.call(program, fit_arguments(program.schema, arguments, self.materializer))
        self.warned.clear()
        return self.plan_graph(program, name).run_for_value(list(arguments))

    @contextmanager
    def observed(self, observer: Observer) -> Generator[None]:
        """Context in which an observer sees every node, with plans that are made for it."""
        before, plans = self.observer, self._plans
        self.observer, self._plans = observer, {}
        try:
            yield
        finally:
            self.observer, self._plans = before, plans

    def plan_graph(self, graph: Graph, name: str = "forward", is_canonical: bool = False) -> GraphPlan:
        """The plan of a graph that is not, or no longer, that of a function.

        `is_canonical`: whether what is a number among constant tensors was made one in the graph.
        """
        return PlanBuilder(graph, self, name, is_canonical=is_canonical).build()

    def plan_stage(
        self,
        graph: Graph,
        name: str,
        tallies: dict[Node, GuardTally],
        make_differentiable: MakeDifferentiable,
        observer: Observer | None = None,
    ) -> GraphPlan:
        """The plan of a graph that an executor made, whose numbers were made numbers in the graph.

        `tallies` count the decisions of its guards, `make_differentiable` gives what runs the graphs in it
        that were differentiated, and an observer sees every node, and those of functions that are called.
        """
        # A program of its own: threads may make plans at once, for several executors.
        program = copy(self)
        program._tallies, program._make_differentiable = tallies, make_differentiable
        if observer is not None:
            program.observer, program._plans = observer, {}
        return PlanBuilder(graph, program, name, is_canonical=True).build()

    # --- what plans need (see `Program`) --------------------------------------------------------

    def plan_of(self, function: Function, casts: bool = False) -> GraphPlan:
        """The plan of a function, compiled now if it was not yet; `casts`: for calls inside an autocast."""
        plan = self._plans.get((function, casts))
        if plan is None:
            plan = PlanBuilder(function.graph, self, function.qualified_name, casts).build()
            self._plans[function, casts] = plan
        return plan

    def constant(self, node: Node) -> object:
        """The runnable value of a `prim::Constant`."""
        kind = node.outputs[0].type
        if isinstance(kind, FunctionType):
            return kind.function
        value = node.attributes.get("value")
        return self.materializer.value(value, kind)

    def runnable(self, value: object) -> object:
        """The runnable value of what a node holds as an attribute."""
        return self.materializer.value(value)

    def tally_of(self, node: Node) -> GuardTally | None:
        """What counts the decisions of a guard; None where nobody asks."""
        return self._tallies.get(node)

    def print_text(self, text: str) -> None:
        """Write what the program prints."""
        self._print(text)

    def differentiable(self, node: Node) -> Callable[..., tuple[Any, ...]]:
        """What runs a graph that was differentiated, of an executor's plan."""
        if self._make_differentiable is None:
            raise MissingOperatorError("only an executor makes it", node.kind)
        return self._make_differentiable(node)

    def python_function(self, node: Node, function: Callable[..., Any]) -> Callable[..., Any]:
        """What is called for a Python function: itself, unless somebody converts values for it."""
        return function if self.adapt_python is None else self.adapt_python(node, function)


def run(
    program: Function | Graph, arguments: Sequence[Any], print_text: Callable[[str], object] | None = None
) -> Any:
    """Run a function or graph once; see `Interpreter.run`."""
    return Interpreter(print_text=print_text).run(program, arguments)
