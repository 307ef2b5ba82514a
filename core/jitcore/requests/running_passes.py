"""Passes on the graph of a method, one after the other, each with what it is told of the method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes import PassContext, run_pipeline
from jitcore.requests.method import Method
from jitcore.requests.pass_refusal import PassRefusalError
from jitcore.source import JitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jitcore.ir import Graph
    from jitcore.passes import Evaluator, PassReport


def run_passes(
    graph: Graph, passes: Sequence[str], evaluate: Evaluator | None, method: Method
) -> Iterator[tuple[PassReport, Method]]:
    """Run passes that were checked on `graph`, which is of `method`; gives each report, and the method then.

    A pass that changes modules makes it the method of a copy. Raises `PassRefusalError`.
    """
    for spec in passes:
        # Each has notes of its own, also where an earlier one said the same.
        context = PassContext(evaluate, method.module, method.function, _shape_function)
        try:
            [report] = run_pipeline(graph, [spec], context)
        except JitError as error:
            raise PassRefusalError(spec, str(error)) from error
        if context.module is not method.module and context.function is not None:
            method = Method(context.function, context.module)
        yield report, method


def _shape_function(name: str) -> Graph:
    # Few passes ask for them, and graphs that are texts need no frontend, which takes time to import.
    from jitcore.frontend.shape_functions import shape_function_graph

    return shape_function_graph(name)
