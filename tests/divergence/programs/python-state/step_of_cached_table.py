"""A position that moves on with each call, in tables that `lru_cache` keeps.

Trace: Incremental
Input: float32[1,2]
Happens: the traced position is added in each call.
"""

from functools import lru_cache

import torch
from torch import Tensor, nn


@lru_cache(maxsize=8)
def row(position: int) -> Tensor:
    return torch.tensor([float(position), -float(position)])


class Incremental(nn.Module):
    def __init__(self):
        super().__init__()
        self.position = 0
        self.dense = nn.Linear(2, 2)

    def advance(self) -> int:
        here = self.position  # guilty: python-state
        self.position += 1  # also right: python-state
        return here

    def forward(self, x: Tensor) -> Tensor:
        return self.dense(x) + row(self.advance())
