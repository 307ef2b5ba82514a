"""Clipping a vector to a largest norm with Python's `if`, as optimisers do.

Trace: clip
Input: float32[4]:0..0.1
Happens: traced with a short vector, so long ones are never shortened.
"""

from torch import Tensor

LARGEST = 1.0


def shorten(x: Tensor, norm: Tensor) -> Tensor:
    return x * (LARGEST / norm)


def clip(x: Tensor) -> Tensor:
    norm = x.norm()
    if norm > LARGEST:  # guilty: branch
        x = shorten(x, norm)
    return x + 1
