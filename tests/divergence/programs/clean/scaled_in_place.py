"""A chain of operators in place, on a tensor that the function made.

Trace: chained
Input: float32[2,3]
Harmless: operators in place are recorded.
"""

from torch import Tensor


def scale(x: Tensor) -> None:
    x.mul_(2).add_(1)


def chained(x: Tensor) -> Tensor:
    y = x.clone()
    scale(y)
    y[0].neg_()
    y.clamp_(-3, 3)
    return y
