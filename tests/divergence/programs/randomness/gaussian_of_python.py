"""Jitter by `random.gauss`, in a list that becomes a tensor.

Trace: Jittered
Input: float32[2,3]
Happens: the jitter of the trace is a constant tensor.
"""

import random

import torch
from torch import Tensor, nn


def jitter(count: int, strength: float) -> list[float]:
    return [random.gauss(0.0, strength) for _ in range(count)]  # guilty: randomness


class Jittered(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        offsets = torch.tensor(jitter(3, 0.5))
        return self.dense(x + offsets)
