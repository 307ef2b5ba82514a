"""Mixing each example with another that numpy's permutation chooses.

Trace: Mixer
Input: float32[5,2]
Happens: the partners are those of tracing.
"""

import numpy as np
import torch
from torch import Tensor, nn


def partners(count: int) -> Tensor:
    order = np.random.permutation(count)  # guilty: randomness
    return torch.as_tensor(order)


class Mixer(nn.Module):
    def __init__(self, share: float = 0.7):
        super().__init__()
        self.share = share
        self.dense = nn.Linear(2, 2)

    def forward(self, x: Tensor) -> Tensor:
        mixed = self.share * x + (1 - self.share) * x[partners(5)]
        return self.dense(mixed)
