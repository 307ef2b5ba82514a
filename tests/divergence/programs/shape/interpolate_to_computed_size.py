"""A decoder that scales its features to one and a half times their size, computed in Python.

Trace: Upsample
Input: float32[1,1,4,4]
Happens: the target size of the trace is a constant.
"""

import math

import torch.nn.functional as F
from torch import Tensor, nn


def target(x: Tensor, factor: float) -> list[int]:
    return [math.floor(side * factor) for side in x.shape[2:]]  # guilty: shape


class Upsample(nn.Module):
    def __init__(self):
        super().__init__()
        self.smooth = nn.Conv2d(1, 1, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        size = target(x, 1.5)
        return self.smooth(F.interpolate(x, size=size, mode="nearest"))
