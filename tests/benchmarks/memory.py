"""What window and engine hold before, while and after all archives were open."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.processes import ROOT


def table(models: Path) -> list[str]:
    """Markdown rows: megabytes of both processes at each stage."""
    environment = dict(os.environ)
    if not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    paths = [str(path) for path in sorted(models.glob("*.pt"))]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.window_memory", *paths],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    rows = [f"| {len(paths)} archives | window, MB | own | engine, MB | own |", "|---|---|---|---|---|"]
    for stage, held in json.loads(done.stdout).items():
        cells = (f"{held[name]:.1f}" for name in ("window", "window own", "engine", "engine own"))
        rows.append(f"| {stage} | {' | '.join(cells)} |")
    return rows
