"""What working in the window costs: how long it is held up, frames, opened containers, switched passes."""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tests.benchmarks.processes import ROOT

ARCHIVES = ("densenet121_script", "syn_local_20000")
HUB = 20_000
"""Uses of the one value of an archive that is made here."""


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
    with tempfile.TemporaryDirectory() as folder:
        archives = [models / f"{stem}.pt" for stem in ARCHIVES] + [write_hub(Path(folder), HUB)]
        works = [(archive, _worked(archive)) for archive in archives if archive.exists()]
    for archive, work in works:
        for step, found in work.items():
            start = f"| {archive.stem} | {step} "
            if "took" in found:
                held, cpu = found["held up"], found["held up, cpu"]
                rows.append(f"{start}| {found['took']:.0f} | {held:.0f} | {cpu:.0f} |")
            else:
                mean, longest = found["mean"], found["longest"]
                cpu = f"{found['cpu mean']:.1f} (longest {found['cpu longest']:.1f})"
                drawn.append(f"{start}| {mean:.1f} | {longest:.1f} | {cpu} |")
    return rows + drawn


def write_hub(folder: Path, uses: int) -> Path:
    """An archive with one value that so many nodes use."""
    code = "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
    code += "  def forward(self: __torch__.M, x: Tensor) -> Tensor:\n"
    code += "    _ = torch.relu_(x)\n" * uses + "    return x\n"
    data = b"\x80\x02c__torch__\nM\n)\x81}(X\x08\x00\x00\x00training\x88ub."
    path = folder / f"hub_{uses}.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hub/data.pkl", data)
        archive.writestr("hub/code/__torch__.py", code)
        archive.writestr("hub/constants.pkl", b"\x80\x02).")
        archive.writestr("hub/version", "3\n")
    return path


def _worked(archive: Path) -> dict[str, dict[str, float]]:
    environment = dict(os.environ)
    if not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.interaction_timeline", str(archive)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)
