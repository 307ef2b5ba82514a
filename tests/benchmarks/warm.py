"""In a warm process: load, lower, inline and print, against `torch.jit.load`, `inlined_graph` and `str`."""

from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.alternating import in_turn

ARCHIVES = ("densenet121_script", "syn_local_20000", "syn_mod_5000", "resnet18_trace")


def table(models: Path, repeats: int, archives: Sequence[str] = ARCHIVES) -> list[str]:
    """Markdown rows: seconds of both and their ratio for each archive that is there."""
    import torch

    from jitcore.archive import load
    from jitcore.passes.inline import inlined_graph
    from jitcore.printing import graph_text

    def ours(path: str) -> str:
        return graph_text(inlined_graph(load(path).method("forward")))

    def theirs(path: str) -> str:
        return str(torch.jit.load(path, map_location="cpu").inlined_graph)

    rows = ["| archive | jitcore | torch | ratio |", "|---|---|---|---|"]
    for archive in (models / f"{stem}.pt" for stem in archives):
        if not archive.exists():
            continue
        path = str(archive)
        seconds = in_turn({"jitcore": lambda p=path: ours(p), "torch": lambda p=path: theirs(p)}, repeats)
        rows.append(
            f"| {archive.stem} | {seconds['jitcore'] * 1e3:.0f} ms | {seconds['torch'] * 1e3:.0f} ms "
            f"| {seconds['jitcore'] / seconds['torch']:.2f} |"
        )
    return rows
