"""Learned positions that are looked up with `arange(len(x))`.

Trace: Positions
Input: float32[3,2]
Happens: `len` gives a Python number, so the positions of the trace are always three.
"""

import torch
from torch import Tensor, nn


class Positions(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(8, 2)

    def indices(self, x: Tensor) -> Tensor:
        return torch.arange(len(x))  # guilty: shape

    def forward(self, x: Tensor) -> Tensor:
        return x + self.table(self.indices(x))
