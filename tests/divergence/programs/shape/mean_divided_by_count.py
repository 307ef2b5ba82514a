"""A variance that divides by a count made a Python float.

Trace: variance
Input: float32[2,4]
Happens: every batch is divided by the traced length.
"""

from torch import Tensor


def count_of(x: Tensor) -> float:
    return float(x.size(-1))  # guilty: shape


def total(x: Tensor) -> Tensor:
    return x.sum(dim=-1, keepdim=True)


def variance(x: Tensor) -> Tensor:
    count = count_of(x)
    mean = total(x) / count
    return total((x - mean) ** 2) / (count - 1)
