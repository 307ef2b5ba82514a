"""A running mean that is a plain attribute, and no buffer.

Trace: Whitened
Input: float32[2,3]:1..2
Happens: the mean as it was while tracing is a constant.
"""

import torch
from torch import Tensor, nn


class RunningMean:
    def __init__(self):
        self.value = torch.zeros(3)

    def update(self, x: Tensor) -> None:
        self.value = self.value * 0.9 + x.detach().mean(dim=0) * 0.1  # guilty: python-state


class Whitened(nn.Module):
    def __init__(self):
        super().__init__()
        self.mean = RunningMean()
        self.dense = nn.Linear(3, 2)

    def forward(self, x: Tensor) -> Tensor:
        self.mean.update(x)
        return self.dense(x - self.mean.value)  # also right: python-state
