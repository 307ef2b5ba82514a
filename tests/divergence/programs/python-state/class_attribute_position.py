"""Incremental positions that are counted on the class, as mixins do.

Trace: Incremental
Input: float32[1,2]
Happens: every step of the trace is at the first position.
"""

import torch
from torch import Tensor, nn


class Position:
    now = 0

    @classmethod
    def advance(cls) -> int:
        position = cls.now  # guilty: python-state
        cls.now = position + 1  # also right: python-state
        return position


class Incremental(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("table", torch.arange(16.0).reshape(8, 2))
        Position.now = 0

    def forward(self, x: Tensor) -> Tensor:
        return x + self.table[Position.advance()]
