"""Twice a tensor, written in two ways.

Trace: doubled
Input: float32[3]:1..2
Harmless: the branch depends on the data and both arms give the same.
"""

from torch import Tensor


def twice(x: Tensor) -> Tensor:
    if x.mean() > 0:
        return x + x
    return x * 2


def doubled(x: Tensor) -> Tensor:
    return twice(x) + 1
