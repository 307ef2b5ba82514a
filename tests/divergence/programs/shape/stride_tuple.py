"""Overlapping frames by `as_strided`, whose count is a quotient in Python.

Trace: frames
Input: float32[2,4]
Happens: the count of frames is a constant.
"""

import math

from torch import Tensor


def count(samples: int, hop: int) -> int:
    return math.ceil(samples / hop)  # guilty: shape


def frames(x: Tensor) -> Tensor:
    flat = x.flatten()
    number = count(flat.size(0), 2) - 1
    return flat.as_strided((number, 3), (2, 1))[: number - 1].sum(dim=1)
