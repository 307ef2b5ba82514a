"""A whole diagnosis of a residual network, against what is asked for: 20 of its eager runs and 2 seconds."""

import statistics
import time
import warnings
from collections.abc import Callable

_CASES = ((8, 32), (64, 64), (64, 224))
"""The width of the network, and the height and width of the picture."""
_MOST_REPEATS = 3
"""Diagnoses of one network, each of which takes seconds."""


def table(repeats: int) -> list[str]:
    """Markdown rows: processor time of an eager run and of a diagnosis, and what that may take."""
    import torch

    from jitcore.diagnose import compare
    from tests.benchmarks import networks

    rows = ["| network | eager | diagnosis | asked for | inputs tried |", "|---|---|---|---|---|"]
    for width, size in _CASES:
        network, given = networks.ResidualNetwork(width).eval(), torch.rand(1, 3, size, size)
        eager = statistics.median(_seconds(lambda n=network, x=given: n(x)) for _ in range(repeats + 2))
        diagnoses: list[float] = []
        tried = 0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for _ in range(min(repeats, _MOST_REPEATS)):
                begun = time.process_time()
                found = compare(network, [given])
                diagnoses.append(time.process_time() - begun)
                tried = found.tried
        rows.append(
            f"| 50 layers, width {width}, {size} by {size} | {eager * 1e3:.1f} ms | "
            f"{statistics.median(diagnoses):.2f} s | {20 * eager + 2:.2f} s | {tried} |"
        )
    return rows


def _seconds(function: Callable[[], object]) -> float:
    begun = time.process_time()
    function()
    return time.process_time() - begun
