"""A mask that is made by a closure over a number that was read outside it.

Trace: suppress
Input: float32[6]:0..1
Happens: the closure compares with the traced median.
"""

from collections.abc import Callable

import torch
from torch import Tensor


def above(x: Tensor) -> Callable[[Tensor], Tensor]:
    median = float(x.median())  # guilty: constant

    def is_above(y: Tensor) -> Tensor:
        return y > median

    return is_above


def suppress(x: Tensor) -> Tensor:
    test = above(x)
    return torch.where(test(x), x, torch.zeros_like(x))
