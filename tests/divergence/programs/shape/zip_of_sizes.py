"""Padding to powers of two, its amounts found out by a helper class.

Trace: Padded
Input: float32[1,3,4]
Happens: the amounts are those of the traced sizes.
"""

import torch.nn.functional as F
from torch import Tensor, nn


class Power:
    @staticmethod
    def above(size: int) -> int:
        power = 1
        while power < size:  # also right: loop-count or branch
            power *= 2
        return power


class Padded(nn.Module):
    def amounts(self, x: Tensor) -> list[int]:
        found = []
        for size in reversed(x.shape[1:]):
            number = int(size)  # guilty: shape
            found += [0, Power.above(number) - number]
        return found

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x, self.amounts(x)) + 1
