"""How time grows with the number of operators: load, lower, inline and print, then dce and cse."""

import tempfile
from pathlib import Path

from tests.benchmarks.alternating import in_turn, in_turn_on_fresh
from tests.benchmarks.straight_line import source

SIZES = (1_000, 2_000, 5_000, 10_000, 20_000)


def save_straight_line(folder: Path, operators: int) -> Path:
    """An archive of a module with such a method."""
    import torch

    # A class of its own, since a class has one `forward`.
    module = type(f"Line{operators}", (torch.jit.ScriptModule,), {})()
    module.define(source(operators))
    path = folder / f"line_{operators}.pt"
    torch.jit.save(module, str(path))
    return path


def table(repeats: int) -> list[str]:
    """Markdown rows: microseconds an operator, which stay the same where time grows linearly."""
    from jitcore.archive import load
    from jitcore.passes import PassContext, inlined_graph, run_pipeline
    from jitcore.printing import graph_text

    rows = ["| operators | load, lower, inline, print | an operator | dce | cse |", "|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = str(save_straight_line(Path(folder), size))
            opened = in_turn(
                {"text": lambda p=path: graph_text(inlined_graph(load(p).method("forward")))}, repeats
            )["text"]
            graph = load(path).method("forward").graph
            passes = in_turn_on_fresh(
                {
                    "dce": (graph.copy, lambda copy: run_pipeline(copy, ["dce"], PassContext(None))),
                    "cse": (graph.copy, lambda copy: run_pipeline(copy, ["cse"], PassContext(None))),
                },
                repeats,
            )
            rows.append(
                f"| {size:,} | {opened * 1e3:.0f} ms | {opened / size * 1e6:.0f} us "
                f"| {passes['dce'] * 1e3:.1f} ms | {passes['cse'] * 1e3:.1f} ms |"
            )
    return rows
