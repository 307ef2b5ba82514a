"""Padding that is zeroed in a view of `.data`, to keep it out of the gradient.

Trace: zero_padding
Input: float32[2,4]:1..2
Happens: the write is lost.
"""

from torch import Tensor


def zero_last(x: Tensor, count: int) -> None:
    tail = x.data[:, -count:]  # also right: aliasing
    tail.zero_()  # guilty: aliasing


def zero_padding(x: Tensor) -> Tensor:
    y = x + 1
    zero_last(y, 2)  # also right: aliasing
    return y.cumsum(dim=1)
