"""How the work grows with the number of operators: load, lower, inline and print, then dce and cse.

Processor time, the least of the repeats: how work grows does not depend on what else the machine does.
"""

import gc
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
    """Markdown rows: microseconds an operator, which stay the same where work grows linearly."""
    from jitcore.archive import load
    from jitcore.passes import PassContext, run_pipeline
    from jitcore.passes.inline import inlined_graph
    from jitcore.printing import graph_text

    rows = ["| operators | load, lower, inline, print | an operator | dce | cse |", "|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = str(save_straight_line(Path(folder), size))
            opened = _least(
                lambda p=path: p, lambda p: graph_text(inlined_graph(load(p).method("forward"))), repeats
            )
            graph = load(path).method("forward").graph
            passes = [
                _least(graph.copy, lambda copy, n=name: run_pipeline(copy, [n], PassContext(None)), repeats)
                for name in ("dce", "cse")
            ]
            rows.append(
                f"| {size:,} | {opened * 1e3:.0f} ms | {opened / size * 1e6:.0f} us | "
                + " | ".join(f"{seconds / size * 1e6:.1f} us an operator" for seconds in passes)
                + " |"
            )
    return rows


def _least(make: Callable[[], Any], run: Callable[[Any], object], repeats: int) -> float:
    least = float("inf")
    for _ in range(repeats):
        subject = make()
        gc.collect()
        start = time.process_time()
        run(subject)
        least = min(least, time.process_time() - start)
    return least
