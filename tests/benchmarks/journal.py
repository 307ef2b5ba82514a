"""What the record of every edit costs: inlining and all passes with a journal and without one."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.alternating import in_turn_on_fresh

ARCHIVE = "densenet121_script"
PIPELINE = ("inline", "dce", "cse", "constant-propagation", "constant-pooling", "peephole", "dce")


def table(models: Path, repeats: int) -> list[str]:
    """Markdown rows: seconds, memory and steps of the pipeline with and without a journal."""
    archive = models / f"{ARCHIVE}.pt"
    if not archive.exists():
        return [f"{ARCHIVE} is not there."]
    from jitcore.archive import load
    from jitcore.ir import Graph
    from jitcore.passes import PassContext, run_pipeline
    from jitcore.passes.inline import inlined_graph

    function = load(archive).method("forward")
    # The bodies that inlining copies are made once for a function, whoever asks first.
    inlined_graph(function)

    def recorded() -> Graph:
        graph = function.graph.copy()
        graph.attach_journal()
        return graph

    def run(graph: object) -> None:
        assert isinstance(graph, Graph)
        run_pipeline(graph, PIPELINE, PassContext(None))

    seconds = in_turn_on_fresh(
        {"with a journal": (recorded, run), "without": (function.graph.copy, run)}, repeats
    )
    memory = {"with a journal": _megabytes(recorded, run), "without": _megabytes(function.graph.copy, run)}
    graph = recorded()
    run(graph)
    assert graph.journal is not None
    steps = {"with a journal": f"{len(graph.journal.steps):,}", "without": ""}
    return [
        "| pipeline | time | memory kept | steps |",
        "|---|---|---|---|",
        *(f"| {n} | {s:.2f} s | {memory[n]:.1f} MB | {steps[n]} |" for n, s in seconds.items()),
    ]


def _megabytes(make: Callable[[], object], run: Callable[[object], None]) -> float:
    """What a graph keeps allocated after the pipeline."""
    tracemalloc.start()
    subject = make()
    run(subject)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return kept / 2**20
