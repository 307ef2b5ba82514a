"""All passes on an inlined graph, against libtorch's passes on its own."""

from pathlib import Path

from tests.benchmarks.alternating import in_turn_on_fresh

ARCHIVE = "densenet121_script"


def table(models: Path, repeats: int) -> list[str]:
    """Markdown rows: milliseconds of both and their ratio for each pass that torch's Python offers."""
    archive = models / f"{ARCHIVE}.pt"
    if not archive.exists():
        return [f"{ARCHIVE} is not there."]
    import torch

    from jitcore.archive import load
    from jitcore.exec import evaluator
    from jitcore.passes import PassContext, find_pass, run_pipeline
    from jitcore.passes.inline import inlined_graph
    from tests.differential.counterparts import is_offered
    from tests.differential.oracle import PASSES

    function = load(archive).method("forward")
    script = torch.jit.load(archive, map_location="cpu")
    evaluate = evaluator()
    rows = ["| pass | jitcore | libtorch | ratio |", "|---|---|---|---|"]
    for name, counterpart in PASSES.items():
        if not is_offered(find_pass(name).counterpart):
            continue
        # Inlining is measured from the graph with calls; the bodies that it copies are made before.
        whole = name == "inline"
        seconds = in_turn_on_fresh(
            {
                "jitcore": (
                    function.graph.copy if whole else (lambda: inlined_graph(function)),
                    lambda graph, name=name: run_pipeline(graph, [name], PassContext(evaluate)),
                ),
                "libtorch": (
                    script.graph.copy if whole else script.inlined_graph.copy,
                    counterpart,
                ),
            },
            repeats,
        )
        rows.append(
            f"| {name} | {seconds['jitcore'] * 1e3:.1f} ms | {seconds['libtorch'] * 1e3:.2f} ms "
            f"| {seconds['jitcore'] / seconds['libtorch']:.1f} |"
        )
    return rows
