"""Whole numbers are scaled to the range of their type, others are left.

Trace: unit
Input: float32[4]:0..1
Happens: traced with floats, whole numbers are not scaled.
"""

import torch
from torch import Tensor


class Range:
    @staticmethod
    def of(x: Tensor) -> float:
        if torch.is_floating_point(x):  # guilty: device-or-dtype or branch
            return 1.0
        return 0.125


def unit(x: Tensor) -> Tensor:
    return x * Range.of(x) + 0.5
