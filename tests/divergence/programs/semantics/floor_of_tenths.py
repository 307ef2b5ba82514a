"""A number of frames that is a floor division of seconds.

Trace: frames
Input: float32[3]
Happens: Python's floor division of floats is exact, TorchScript rounds the quotient first.
"""

from torch import Tensor


def count(seconds: float, hop: float) -> float:
    return seconds // hop  # guilty: semantics


def frames(x: Tensor) -> Tensor:
    return x / count(1.0, 0.1)
