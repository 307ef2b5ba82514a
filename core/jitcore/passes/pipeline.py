"""Runs passes one after the other and reports what each did."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jitcore.ir import Journal, collection_paused
from jitcore.passes.spec import make_pass
from jitcore.source import JitError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from jitcore.ir import Graph
    from jitcore.passes.base import Pass, PassContext


class PassReport:
    """What one pass did to a graph.

    `steps` are the half-open range of its steps in the journal (empty without a journal),
    `nodes_before` and `nodes_after` count the nodes of all blocks, `seconds` is wall time, `notes`
    are sentences for the person who asked.
    """

    __slots__ = ("changed", "name", "nodes_after", "nodes_before", "notes", "seconds", "steps")

    def __init__(
        self,
        name: str,
        changed: bool,
        steps: range,
        nodes_before: int,
        nodes_after: int,
        seconds: float,
        notes: tuple[str, ...],
    ) -> None:
        self.name = name
        self.changed = changed
        self.steps = steps
        self.nodes_before = nodes_before
        self.nodes_after = nodes_after
        self.seconds = seconds
        self.notes = notes

    def __repr__(self) -> str:
        what = "changed" if self.changed else "no change"
        nodes = f"{self.nodes_before} -> {self.nodes_after} nodes"
        return f"<{self.name}: {what}, {nodes}, {self.seconds * 1e3:.1f} ms>"


def run_pipeline(graph: Graph, names: Iterable[str | Pass], context: PassContext) -> list[PassReport]:
    """Run passes on `graph` in order; specs of them are as `peephole{disable_shape_peepholes=true}`.

    Raises `JitError` for an unknown pass or option before any pass has run, and when a pass cannot do its
    work; then the graph is as that pass found it, and so are the module and the function of `context`.
    """
    passes = [make_pass(entry) if isinstance(entry, str) else entry for entry in names]
    reports: list[PassReport] = []
    count = count_nodes(graph)
    for one in passes:
        report = _run(graph, one, context, count)
        count = report.nodes_after
        reports.append(report)
    return reports


def count_nodes(graph: Graph) -> int:
    """How many nodes the graph has, those of nested blocks included."""
    return len(graph.all_nodes())


def _run(graph: Graph, one: Pass, context: PassContext, nodes_before: int) -> PassReport:
    journal = graph.journal
    first_step = 0
    if journal is not None:
        journal.pass_name = one.name
        first_step = journal.position
    first_note = len(context.notes)
    started = time.perf_counter()
    with _taken_back_if_refused(graph, context, one.may_refuse(graph)), collection_paused():
        changed = one.run(graph, context)
    seconds = time.perf_counter() - started
    steps = range(first_step, journal.position) if journal is not None else range(0)
    notes = tuple(context.notes[first_note:])
    # Most passes find nothing to do in most graphs, which are not counted again then.
    nodes_after = count_nodes(graph) if changed else nodes_before
    return PassReport(one.name, changed, steps, nodes_before, nodes_after, seconds, notes)


@contextmanager
def _taken_back_if_refused(graph: Graph, context: PassContext, may_refuse: bool) -> Generator[None]:
    """Leave graph and context as they were if a pass raises `JitError`."""
    journal = graph.journal
    if journal is None and may_refuse:
        graph.journal = Journal(graph, tells=False)
    first_step = graph.journal.position if graph.journal is not None else 0
    module, function = context.module, context.function
    try:
        yield
    except JitError:
        if graph.journal is not None:
            graph.journal.go_to(first_step)
        context.module, context.function = module, function
        raise
    finally:
        if journal is not None:
            journal.pass_name = ""
        graph.journal = journal
