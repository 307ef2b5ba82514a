"""How much memory loading and running a model takes at its peak, against torch.jit's."""

import statistics
import subprocess
import sys
from pathlib import Path

import torch

from jitviewer.runner.inputs import make_inputs
from tests.benchmarks.processes import ROOT
from tests.benchmarks.runs import MODELS, SIDES

_RUNS = 3
_FORGET_THE_PEAK = "5"


def table(models: Path, repeats: int) -> list[str]:
    """Markdown rows: megabytes of both, medians of processes of their own, and the ratio."""
    rows = ["| model | jitcore, MB | torch.jit, MB | ratio |", "|---|---|---|---|"]
    for name in MODELS:
        if (path := models / f"{name}.pt").exists():
            ours, theirs = (
                statistics.median(_asked(side, path) for _ in range(repeats)) for side in ("jitcore", "torch")
            )
            rows.append(f"| {name} | {ours / 1e6:.1f} | {theirs / 1e6:.1f} | {ours / theirs:.2f} |")
    return rows


def _asked(side: str, path: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.run_memory", side, str(path)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True,
    )  # fmt: skip
    return int(done.stdout)


def _resident(field: str) -> int:
    """A row of this process's status in bytes: `VmRSS`, or `VmHWM` for the peak."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    raise KeyError(field)


def main(side: str, archive: str) -> None:
    """Print how many bytes one side takes at most, its program included, beyond what torch takes."""
    path = Path(archive)
    torch.set_num_threads(1)
    with torch.no_grad():
        given = tuple(make_inputs(MODELS[path.stem], 0, torch.device("cpu")))
        Path("/proc/self/clear_refs").write_text(_FORGET_THE_PEAK, encoding="ascii")
        before = _resident("VmRSS")
        run = SIDES[side](path, given)
        for _ in range(_RUNS):
            run()
        print(_resident("VmHWM") - before)


if __name__ == "__main__":
    main(*sys.argv[1:])
