"""Token positions that are scaled by a rounded number.

Trace: positions
Input: int64[3]:1..9
Happens: `round` gives an int in Python and a float in TorchScript, so positions become floats.
"""

from torch import Tensor


def scaled(x: Tensor, stride: float) -> Tensor:
    return x * round(stride)  # guilty: semantics


def positions(x: Tensor) -> Tensor:
    return scaled(x, 2.4) + 1
