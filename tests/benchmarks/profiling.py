"""What timing every node adds to a repeat of a run: against repeats without it, and torch's own."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import torch

from jitcore import exec as execution
from jitcore.archive import load
from jitcore.passes.inline import inlined_graph

CASES = {
    "resnet18_trace": (1, 3, 224, 224),
    "densenet121_script": (1, 3, 224, 224),
    "resnet18_trace at 32x32": (1, 3, 32, 32),
}


def table(models: Path, repeats: int) -> list[str]:
    """Markdown rows: median milliseconds of a run plain, profiled and in torch, and the ratios."""
    rows = ["| run | plain | profiled | overhead | torch.jit | plain / torch |", "|---|---|---|---|---|---|"]
    for name, shape in CASES.items():
        archive = models / f"{name.partition(' ')[0]}.pt"
        if not archive.exists():
            continue
        taken = _measure(archive, torch.randn(shape, generator=torch.Generator().manual_seed(0)), repeats)
        plain, profiled, theirs = (statistics.median(taken[kind]) for kind in ("plain", "profiled", "torch"))
        rows.append(
            f"| {name} | {plain * 1e3:.1f} ms | {profiled * 1e3:.1f} ms | {profiled / plain - 1:+.1%} "
            f"| {theirs * 1e3:.1f} ms | {plain / theirs:.2f} |"
        )
    return rows


def _measure(archive: Path, x: torch.Tensor, repeats: int) -> dict[str, list[float]]:
    root = load(archive)
    graph = inlined_graph(root.method("forward"))
    module = execution.materialize(root, "cpu")
    theirs = torch.jit.load(str(archive), map_location="cpu").eval()
    # Planned before, as a repeat of a run finds them; torch plans in its first runs.
    plain = execution.Interpreter().plan_graph(graph, "forward")
    profiler = execution.Profiler(graph)
    contenders: dict[str, Callable[[], object]] = {
        "plain": lambda: plain.run([module, x]),
        "profiled": lambda: profiler.run_once([module, x]),
        "torch": lambda: theirs(x),
    }
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    with torch.no_grad():
        # torch's executor specializes in its first runs; the first three of all are not counted.
        for turn in range(repeats + 3):
            for name, run in contenders.items():
                start = time.perf_counter()
                run()
                if turn >= 3:
                    taken[name].append(time.perf_counter() - start)
    return taken
