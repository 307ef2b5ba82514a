"""Positions are computed in whole numbers and given back in the type of the input.

Trace: snapped
Input: float32[3]:0..9
Happens: results are of the type of the tracing input.
"""

from torch import Tensor


def to_grid(x: Tensor, cells: int) -> Tensor:
    return (x * cells).round().clamp(0, cells - 1).long()


def snapped(x: Tensor) -> Tensor:
    cells = to_grid(x / 9, 4)
    kind = x.dtype  # also right: device-or-dtype
    centres = (cells + 0.5) / 4
    return centres.to(kind)  # guilty: device-or-dtype
