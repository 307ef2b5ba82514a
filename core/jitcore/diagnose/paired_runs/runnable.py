"""A graph that can be run, with all that a run of it starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.exec.values import Materializer
    from jitcore.ir import Graph, Node


@dataclass(frozen=True, slots=True)
class Runnable:
    """`arguments` are the inputs of the graph, the object of a method first.

    What a run writes to is not shared with the other side. `materializer` makes constants of the graph;
    `name` is what the graph is called in tracebacks. `adapt_python` converts values for functions that the
    program left to Python, as `Interpreter.adapt_python` does. `declare_results` makes of the outputs of the
    graph the results that its function declares, where a pass has taken tuples apart.
    """

    graph: Graph
    arguments: list[Any]
    materializer: Materializer | None = None
    name: str = "forward"
    allow_files: bool = False
    adapt_python: Callable[[Node, Callable[..., Any]], Callable[..., Any]] | None = None
    declare_results: Callable[[Sequence[Any]], list[Any]] = list
