"""From process start to the window's first paint, to texts, and to the painted canvas."""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.processes import ROOT

_OFTEN = ("resnet18_trace", "bert_tiny_trace", "densenet121_script", "syn_local_20000")
"""Archives that are opened as often as is asked for; the others three times."""

STAGES = ("first paint", "texts", "canvas", "canvas painted")


def table(models: Path, repeats: int) -> list[str]:
    """Markdown rows: median seconds (and the range) to each stage, for each archive."""
    rows = ["| archive | " + " | ".join(STAGES) + " |", "|---" * (len(STAGES) + 1) + "|"]
    for archive in sorted(models.glob("*.pt"), key=lambda path: (path.stem not in _OFTEN, path.stem)):
        # The first one fills the disk cache and is not counted.
        times = repeats if archive.stem in _OFTEN else min(3, repeats)
        runs = [_timeline(archive) for _ in range(times + 1)][1:]
        cells = [_cell([run[stage] for run in runs]) for stage in STAGES]
        rows.append(f"| {archive.stem} | " + " | ".join(cells) + " |")
    return rows


def _timeline(archive: Path) -> dict[str, float]:
    environment = dict(os.environ)
    if not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.window_timeline", str(archive)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def _cell(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"
