"""A circular shift whose distance is the best correlation, read as a number.

Trace: align
Input: float32[5]
Input: int64[1]:1..2
Happens: the trace always shifts as far as it did while tracing.
"""

from torch import Tensor


class Shift:
    def __init__(self, amount: Tensor):
        (self.amount,) = amount.tolist()  # guilty: constant

    def apply(self, x: Tensor) -> Tensor:
        return x.roll(self.amount)


def align(x: Tensor, amount: Tensor) -> Tensor:
    return Shift(amount).apply(x) - x
