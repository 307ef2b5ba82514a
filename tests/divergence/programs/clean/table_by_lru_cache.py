"""A table that is computed in Python and cached.

Trace: Weighted
Input: float32[2,4]
Harmless: its size is configured.
"""

import functools
import math

import torch
from torch import Tensor, nn


@functools.lru_cache
def window(size: int) -> Tensor:
    return torch.tensor([math.sin(math.pi * (at + 0.5) / size) for at in range(size)])


class Weighted(nn.Module):
    size = 4

    def forward(self, x: Tensor) -> Tensor:
        return x * window(self.size)
