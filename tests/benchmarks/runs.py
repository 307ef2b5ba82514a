"""Runs of graphs as they are, against torch.jit's interpreter: small operators, then whole models."""

import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from jitcore import exec as execution
from jitcore.archive import load
from jitcore.passes.inline import inlined_graph
from tests.benchmarks.alternating import in_turn
from tests.benchmarks.small_programs import programs


def table(repeats: int) -> list[str]:
    """Markdown rows: milliseconds of both and their ratio for each program of small operators."""
    rows = ["| program | jitcore | torch.jit | ratio |", "|---|---|---|---|"]
    ratios: list[float] = []
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        for name, (program, given) in programs().items():
            path = Path(folder) / "program.pt"
            torch.jit.save(program, str(path))
            ours, theirs = _sides(path, given)
            for _ in range(3):
                theirs()
            taken = in_turn({"jitcore": ours, "torch": theirs}, repeats)
            ratios.append(taken["jitcore"] / taken["torch"])
            rows.append(
                f"| {name} | {taken['jitcore'] * 1e3:.2f} ms | {taken['torch'] * 1e3:.2f} ms "
                f"| {ratios[-1]:.2f} |"
            )
    mean = math.exp(sum(math.log(ratio) for ratio in ratios) / len(ratios))
    return [*rows, f"| geometric mean | | | {mean:.2f} |"]


def _sides(path: Path, given: tuple[Any, ...]) -> tuple[Callable[[], object], Callable[[], object]]:
    root = load(path)
    module = execution.materialize(root, "cpu")
    plan = execution.Interpreter().plan_graph(inlined_graph(root.method("forward")), "forward")
    theirs = torch.jit.load(str(path))
    return lambda: plan.run([module, *given]), lambda: theirs(*given)
