"""A bucket by the remainder of a huge float.

Trace: bucketed
Input: int64[3]:0..5
Happens: Python's int holds it, that of TorchScript does not.
"""

from torch import Tensor


def bucket(value: float, count: int) -> int:
    return int(value) % count  # guilty: semantics


def bucketed(x: Tensor) -> Tensor:
    return x + bucket(1e20, 7)
