"""What working in the window costs: how long it is held up, frames, opened containers, switched passes."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.processes import ROOT

ARCHIVES = ("densenet121_script", "syn_local_20000")


def table(models: Path) -> list[str]:
    """Markdown rows: for each step its time, and the longest that the window was held up by it."""
    rows = [
        "| archive | step | ms | held up at most, ms | of that on the processor, ms |",
        "|---|---|---|---|---|",
    ]
    drawn = [
        "",
        "| archive | movement | mean frame, ms | longest, ms | on the processor, ms |",
        "|---|---|---|---|---|",
    ]
    for archive in (models / f"{stem}.pt" for stem in ARCHIVES):
        if not archive.exists():
            continue
        for step, found in _worked(archive).items():
            start = f"| {archive.stem} | {step} "
            if "took" in found:
                held, cpu = found["held up"], found["held up, cpu"]
                rows.append(f"{start}| {found['took']:.0f} | {held:.0f} | {cpu:.0f} |")
            else:
                mean, longest = found["mean"], found["longest"]
                cpu = f"{found['cpu mean']:.1f} (longest {found['cpu longest']:.1f})"
                drawn.append(f"{start}| {mean:.1f} | {longest:.1f} | {cpu} |")
    return rows + drawn


def _worked(archive: Path) -> dict[str, dict[str, float]]:
    environment = dict(os.environ)
    if not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.interaction_timeline", str(archive)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)
