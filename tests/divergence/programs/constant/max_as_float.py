"""A loudness normaliser that divides by the peak, which it turns into a Python float.

Trace: normalised
Input: float32[5]:1..2
Happens: every recording is divided by the peak of the traced one.
"""

from torch import Tensor


def peak(x: Tensor) -> float:
    return float(x.abs().max())  # guilty: constant


def normalised(x: Tensor) -> Tensor:
    return (x / peak(x)).clamp(-1, 1)
