"""All graphs that an executor made of a function, and what is asked before one of them runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jitcore.exec.executor.specialisations import Specialisation
from jitcore.passes import PassContext
from jitcore.passes.inline import Inline

if TYPE_CHECKING:
    from jitcore.exec.executor.graph_executor import GraphExecutor
    from jitcore.exec.executor.specialisations import GuardRecord
    from jitcore.ir import Function, Graph

_SHAPES: Final = {"STATIC": "for the sizes that were noted", "DYNAMIC": "for tensors of any size"}


@dataclass(slots=True, frozen=True)
class ExecutedStage:
    """A graph of an executor.

    `kind` is written (calls are inlined, nothing else is done), profiled or optimized. `parent` is the place
    of the optimized graph whose guards sent inputs on to this one, -1 of those that a function begins with.
    `runs` went by it. `guards` are asked within it, and `shapes` says what sizes a guarded one is made for.
    """

    kind: str
    graph: Graph
    parent: int = -1
    runs: int = 0
    guards: tuple[GuardRecord, ...] = ()
    shapes: str = ""


def stages_of(function: Function, executor: GraphExecutor) -> list[ExecutedStage]:
    """The graphs that there are so far, each behind its parent.

    Of a function that has no stages it is the one that was written, with its calls.
    """
    if executor.has_no_stages:
        return [ExecutedStage("written", function.graph)]
    written = function.graph.copy()
    Inline().run(written, PassContext(function=function))
    found = [ExecutedStage("written", written)]
    add_stages(executor.specialisations(), -1, found)
    return found


def add_stages(made: Specialisation, parent: int, found: list[ExecutedStage]) -> None:
    """Add the stages of a specialization, and below its optimized graph those that its guards fell back to;
    `parent` is the place of the graph that fell back to it."""
    if made.profiled is not None:
        found.append(ExecutedStage("profiled", made.profiled, parent, made.profiled_runs))
    if made.optimized is None:
        return
    place = len(found)
    shapes = _SHAPES[made.behavior] if made.guards and made.behavior is not None else ""
    found.append(ExecutedStage("optimized", made.optimized, parent, made.optimized_runs, made.guards, shapes))
    for guard in made.guards:
        if guard.fallback is not None:
            add_stages(guard.fallback, place, found)
