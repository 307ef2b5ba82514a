"""From process start to the inlined graph on stdout: jitviewer against a fresh Python with torch."""

import sys
from pathlib import Path

from tests.benchmarks.processes import in_turn

ARCHIVES = ("resnet18_trace", "bert_tiny_trace", "densenet121_script")
WITH_TORCH = """
import sys, torch
module = torch.jit.load(sys.argv[1], map_location="cpu")
sys.stdout.write(str(module.inlined_graph))
"""


def table(models: Path, repeats: int) -> list[str]:
    """Markdown rows: seconds, memory and their ratios for each archive that is there."""
    rows = [
        "| archive | jitviewer | torch | time | jitviewer MB | torch MB | memory |",
        "|---|---|---|---|---|---|---|",
    ]
    for archive in (models / f"{stem}.pt" for stem in ARCHIVES):
        if not archive.exists():
            continue
        measured = in_turn(
            {
                "jitviewer": [sys.executable, "-m", "jitviewer", "graph", str(archive), "--inlined"],
                "torch": [sys.executable, "-W", "ignore", "-c", WITH_TORCH, str(archive)],
            },
            repeats,
        )
        ours, theirs = measured["jitviewer"], measured["torch"]
        rows.append(
            f"| {archive.stem} "
            f"| {ours.seconds:.2f} s ({ours.fastest:.2f} to {ours.slowest:.2f}) "
            f"| {theirs.seconds:.2f} s ({theirs.fastest:.2f} to {theirs.slowest:.2f}) "
            f"| {theirs.seconds / ours.seconds:.1f} times less "
            f"| {ours.megabytes:.0f} | {theirs.megabytes:.0f} "
            f"| {theirs.megabytes / ours.megabytes:.1f} times less |"
        )
    return rows
