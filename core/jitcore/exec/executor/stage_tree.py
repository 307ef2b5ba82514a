"""All graphs that an executor made of a function, and what is asked before one of them runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jitcore.passes import PassContext
from jitcore.passes.inline import Inline

if TYPE_CHECKING:
    from jitcore.exec.executor.graph_executor import GraphExecutor
    from jitcore.exec.executor.specialisations import GuardRecord, Specialisation
    from jitcore.ir import Function, Graph

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
    `guards` are asked within the graph, `runs` of it were begun.
    """

    kind: str
    graph: Graph
    parent: int = -1
    guards: tuple[Guard, ...] = ()
    runs: int = 0


def stages_of(function: Function, executor: GraphExecutor) -> list[ExecutedStage]:
    """The graphs that there are so far, each behind its parent.

    Of a function that has no stages it is the one that was written, with its calls.
    """
    if executor.has_no_stages:
        return [ExecutedStage("written", function.graph)]
    written = function.graph.copy()
    Inline().run(written, PassContext(function=function))
    found = [ExecutedStage("written", written)]
    _add(found, executor.specialisations(), -1)
    return found


def _add(found: list[ExecutedStage], made: Specialisation, parent: int) -> None:
    if made.profiled is not None:
        found.append(ExecutedStage("profiled", made.profiled, parent, runs=made.profiled_runs))
    if made.optimized is None:
        return
    place = len(found)
    guards = tuple(map(_guard, made.guards))
    found.append(ExecutedStage("optimized", made.optimized, parent, guards, made.optimized_runs))
    for guard in made.guards:
        if guard.fallback is not None:
            _add(found, guard.fallback, place)


def _guard(record: GuardRecord) -> Guard:
    reasons = tuple(
        f"{reason} ({count:,} times)" if count > 1 else reason for reason, count in record.reasons
    )
    return Guard(record.kind, _wanted(record), record.passed, record.failed, reasons)


def _wanted(record: GuardRecord) -> str:
    told = [f"%{name} : {kind}" for name, kind in record.expected]
    rest = len(told) - _MOST_WANTED
    return ", ".join(told[:_MOST_WANTED]) + (f", and {rest} more" if rest > 0 else "")
