"""Memory by size of the weights: the same code with 4 MB and with 400 MB of them."""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.processes import in_turn

MEGABYTES = (4, 400)
SAVE = """
import sys, torch
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(int(sys.argv[2]), 262144))
    def forward(self, x):
        return torch.relu(x + self.weight)
torch.jit.save(torch.jit.trace(Net(), torch.zeros(1)), sys.argv[1])
"""


def table(repeats: int) -> list[str]:
    """Markdown rows: seconds and memory of `jitviewer graph` for each size."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {f"{size} MB": Path(folder) / f"weights_{size}.pt" for size in MEGABYTES}
        for size, path in zip(MEGABYTES, paths.values(), strict=True):
            in_turn({"save": [sys.executable, "-W", "ignore", "-c", SAVE, str(path), str(size)]}, 1)
        measured = in_turn(
            {
                name: [sys.executable, "-m", "jitviewer", "graph", str(path), "--inlined"]
                for name, path in paths.items()
            },
            repeats,
        )
    return [
        "| weights | time | memory |",
        "|---|---|---|",
        *(f"| {name} | {m.seconds:.2f} s | {m.megabytes:.1f} MB |" for name, m in measured.items()),
    ]
