"""Learned positions of which the first rows are taken, as many as the sequence has.

Trace: Positions
Input: float32[2,3,4]
Harmless: a slice up to a size is recorded as such.
"""

import torch
from torch import Tensor, nn


class Positions(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Parameter(torch.randn(8, 4))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.table[: x.size(1)]
