"""Bits that are shifted by multiplying with a power of two.

Trace: Pack
Input: int64[4]:0..2
Happens: a power of two ints is a float in TorchScript.
"""

import torch
from torch import Tensor, nn


class Pack(nn.Module):
    def __init__(self):
        super().__init__()
        self.base = 2

    def weight(self, place: int) -> int:
        return self.base << place

    def forward(self, bits: Tensor) -> Tensor:
        total = torch.zeros_like(bits)
        for place in range(3):
            total = total + bits * self.base**place  # guilty: semantics
        return total
