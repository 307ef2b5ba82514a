"""Measures, once in a process, the most that this machine computes and moves."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Final

import torch

from jitcore.exec.plan_places import FAILURES
from jitviewer.protocol.run_rows import MachineRow

if TYPE_CHECKING:
    from collections.abc import Callable

_SIDE: Final = 1024
"""Rows of the matrices that are multiplied: small enough for 20 ms, large enough to fill every core."""

_FLOATS: Final = 1 << 24
"""Elements that are copied, 64 MB read and as much written: more than caches of most machines hold."""

_SECONDS: Final = 0.12
"""How long each of the two is tried; the best time counts, since nothing makes a machine quicker."""

_LEAST: Final = 4


def peaks_of(device: str) -> MachineRow:
    """What was measured on this device with as many threads as torch has now; zeros if that failed.

    Operations a second of float32 matrix products, bytes a second of copies, read and written.
    """
    try:
        return _measured(device, torch.get_num_threads())
    except FAILURES:
        # No room for the matrices, or no such kernel: nothing is compared with a peak then.
        return MachineRow()


@cache
def _measured(device: str, threads: int) -> MachineRow:
    synchronize = torch.cuda.synchronize if device.startswith("cuda") else _nothing
    with torch.no_grad():
        left = torch.full((_SIDE, _SIDE), 0.5, device=device)
        out = torch.empty_like(left)
        product = _best(lambda: torch.mm(left, left, out=out), synchronize)
        source = torch.zeros(_FLOATS, device=device)
        target = torch.empty_like(source).zero_()
        copy = _best(lambda: target.copy_(source), synchronize)
    return MachineRow(2 * _SIDE**3 / product, 2 * source.nbytes / copy, threads)


def _best(work: Callable[[], object], synchronize: Callable[[], object]) -> float:
    """Seconds of the shortest try."""
    work()
    times: list[float] = []
    while len(times) < _LEAST or sum(times) < _SECONDS:
        synchronize()
        start = time.perf_counter()
        work()
        synchronize()
        times.append(max(time.perf_counter() - start, 1e-9))
    return min(times)


def _nothing() -> None:
    """A CPU has done what it was told when it returns."""
