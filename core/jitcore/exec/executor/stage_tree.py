"""All graphs that an executor made of a function, and what is asked before one of them runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from jitcore.passes import PassContext
from jitcore.passes.inline import Inline
from jitcore.types.printing import ir_text

if TYPE_CHECKING:
    from jitcore.exec.executor.graph_executor import GraphExecutor
    from jitcore.ir import Function, Graph, Node
    from jitcore.types import Type

GUARDS: Final = frozenset(("prim::TypeCheck", "prim::RequiresGradCheck", "prim::TensorExprDynamicGuard"))
"""Operators that ask whether tensors are what a specialised graph was made for."""

_MOST_WANTED: Final = 8
"""Tensors that are named of one guard; the others are counted."""


@dataclass(slots=True, frozen=True)
class Guard:
    """What has to hold for a specialised graph to run.

    `kind` is the operator that asks, `wanted` what it asks for in words of the graph. `held` and `failed`
    count how often it did and did not, None where nobody counts; `reasons` are what was given where it
    failed.
    """

    kind: str
    wanted: str
    held: int | None = None
    failed: int | None = None
    reasons: tuple[str, ...] = ()


@dataclass(slots=True, frozen=True)
class ExecutedStage:
    """A graph of an executor.

    `kind` is written (calls are inlined, nothing else is done), profiled or optimized. `parent` is the place
    of the optimized graph whose guards sent inputs on to this one, -1 of those that a function begins with.
    `guards` are asked within the graph.
    """

    kind: str
    graph: Graph
    parent: int = -1
    guards: tuple[Guard, ...] = ()


def stages_of(function: Function, executor: GraphExecutor) -> list[ExecutedStage]:
    """The graphs that there are so far, each behind its parent.

    Of a function that has no stages it is the one that was written, with its calls.
    """
    if executor.has_no_stages:
        return [ExecutedStage("written", function.graph)]
    written = function.graph.copy()
    Inline().run(written, PassContext(function=function))
    found = [ExecutedStage("written", written)]
    if executor.profiled is not None:
        found.append(ExecutedStage("profiled", executor.profiled))
    if executor.optimized is not None:
        graph = executor.optimized.graph
        found.append(ExecutedStage("optimized", graph, guards=guards_of(graph)))
    return found


def guards_of(graph: Graph) -> tuple[Guard, ...]:
    """What is asked within a graph, in the order of its nodes."""
    return tuple(Guard(node.kind, _wanted(node)) for node in graph.all_nodes() if node.kind in GUARDS)


def _wanted(node: Node) -> str:
    types = node.attributes.get("types")
    if isinstance(types, list):
        kinds = cast("list[Type]", types)
        told = [f"%{value.name} : {ir_text(kind)}" for value, kind in zip(node.inputs, kinds, strict=True)]
    else:
        told = [f"%{value.name}" for value in node.inputs]
    rest = len(told) - _MOST_WANTED
    return ", ".join(told[:_MOST_WANTED]) + (f", and {rest} more" if rest > 0 else "")
