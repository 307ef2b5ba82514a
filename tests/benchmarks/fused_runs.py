"""Frozen programs in their quickest form, against `torch.jit.optimize_for_inference` and `torch.compile`."""

from __future__ import annotations

import gc
import io
import math
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

import jitcore
from jitviewer.runner.inputs import make_inputs
from tests.benchmarks.networks import ResidualNetwork, Transformer
from tests.benchmarks.runs import MODELS

_LONGEST = 600.0
_TURNS = 15


class Pointwise(nn.Module):
    """Forty operators on each element."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for _ in range(5):
            y = torch.relu(x * 1.01 + 0.1) - 0.5
            x = torch.where(y > x, y, x * 0.5).abs()
        return x


class Tagger(nn.Module):
    """An LSTM of two layers behind an embedding."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(100, 32)
        self.lstm = nn.LSTM(32, 32, 2, batch_first=True, bidirectional=True)
        self.linear = nn.Linear(64, 10)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        return self.linear(self.lstm(self.embedding(words))[0])


class ScalarLoop(nn.Module):
    """Numbers alone."""

    def forward(self, x: torch.Tensor, turns: int) -> torch.Tensor:
        total = 0
        for at in range(turns):
            if at % 3 == 0:
                total += at * 2
            else:
                total -= at // 2
        return x + total


class Dense(nn.Module):
    """Three linear layers."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(256, 512), nn.GELU(), nn.Linear(512, 512), nn.GELU(), nn.Linear(512, 10)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers(x).softmax(-1)


OWN: dict[str, tuple[Callable[[], nn.Module], Callable[[], tuple[Any, ...]]]] = {
    "40 pointwise operators, 1e6 elements": (Pointwise, lambda: (torch.rand(1_000_000),)),
    "LSTM, 2 x 12 words": (Tagger, lambda: (torch.randint(0, 100, (2, 12)),)),
    "scalar loop, 100,000 turns": (ScalarLoop, lambda: (torch.rand(4), 100_000)),
    "three linear layers, 32 rows": (Dense, lambda: (torch.rand(32, 256),)),
    "residual network, 50 layers": (lambda: ResidualNetwork(16), lambda: (torch.rand(1, 3, 128, 128),)),
    "transformer, 12 layers": (Transformer, lambda: (torch.rand(1, 32, 32),)),
}
"""Programs that are written here: what makes each, and its inputs."""

ARCHIVES = (
    "resnet18_script",
    "mobilenet_v2_trace",
    "densenet121_script",
    "timm_levit_128s_script",
    "bert_tiny_trace",
    "gpt2_small_trace",
)


def table(models: Path) -> list[str]:
    """Markdown rows: milliseconds of each side, ratios, the form that runs, and seconds until it did.

    Wall-clock time, medians of turns on each side after each other: what runs on several threads waits for
    whatever else the machine does.
    """
    head = "| program | jitcore | form | optimize_for_inference | ratio | torch.compile | ratio | ready |"
    rows = [head, "|---|---|---|---|---|---|---|---|"]
    against: dict[str, list[float]] = {"inference": [], "compile": []}
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        for name in ARCHIVES:
            path = models / f"{name}.pt"
            if path.exists():
                given = tuple(make_inputs(MODELS[name], 0, torch.device("cpu")))
                rows.append(_row(name, path.read_bytes(), given, None, Path(folder), against))
        for name, (make, inputs) in OWN.items():
            torch.manual_seed(0)
            module, given = make().eval(), inputs()
            saved = io.BytesIO()
            torch.jit.save(torch.jit.script(module) if _loops(module) else _traced(module, given), saved)
            rows.append(_row(name, saved.getvalue(), given, module, Path(folder), against))
    means = {side: math.exp(statistics.fmean(map(math.log, ratios))) for side, ratios in against.items()}
    return [*rows, f"| geometric mean | | | | {means['inference']:.2f} | | {means['compile']:.2f} | |"]


def _loops(module: nn.Module) -> bool:
    return isinstance(module, ScalarLoop)


def _traced(module: nn.Module, given: tuple[Any, ...]) -> Any:
    return torch.jit.trace(module, given, check_trace=False)


def _row(
    name: str,
    archive: bytes,
    given: tuple[Any, ...],
    eager: nn.Module | None,
    folder: Path,
    against: dict[str, list[float]],
) -> str:
    theirs = torch.jit.optimize_for_inference(torch.jit.load(io.BytesIO(archive)).eval())
    jitcore.compile_groups(folder)
    ours = jitcore.freeze(jitcore.load(io.BytesIO(archive)).eval())
    ready = _warmed(lambda: ours(*given))
    sides: dict[str, Callable[[], object]] = {
        "jitcore": lambda: ours(*given),
        "inference": lambda: theirs(*given),
    }
    their_ready = ""
    if eager is not None:
        compiled = torch.compile(eager)
        begun = time.perf_counter()
        compiled(*given)
        their_ready = f" / {time.perf_counter() - begun:.0f} s"
        sides["compile"] = lambda: compiled(*given)
    taken = _in_turn(sides)
    form = next((v.form for r in jitcore.compiled_groups() for v in r.versions), "operator by operator")
    jitcore.compile_groups(None)
    cells = [name, f"{taken['jitcore'] * 1e3:.2f} ms", form]
    for side in ("inference", "compile"):
        if side in taken:
            against[side].append(taken["jitcore"] / taken[side])
            cells += [f"{taken[side] * 1e3:.2f} ms", f"{against[side][-1]:.2f}"]
        else:
            cells += ["", ""]
    return f"| {' | '.join(cells)} | {ready:.0f} s{their_ready} |"


def _warmed(call: Callable[[], object]) -> float:
    """Call until the quickest form runs; seconds that this took."""
    begun = time.perf_counter()
    for _ in range(5):
        call()
    jitcore.wait_for_compiled_groups(_LONGEST)
    for _ in range(3):
        call()
    return time.perf_counter() - begun


def _in_turn(sides: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Median wall-clock seconds of each side; each makes a few calls in a row, as a program does."""
    taken: dict[str, list[float]] = {side: [] for side in sides}
    gc.collect()
    for _ in range(3):
        for side, call in sides.items():
            call()
            for _ in range(_TURNS):
                begun = time.perf_counter()
                call()
                taken[side].append(time.perf_counter() - begun)
    return {side: statistics.median(seconds) for side, seconds in taken.items()}
