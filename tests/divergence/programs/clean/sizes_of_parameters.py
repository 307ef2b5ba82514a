"""A layer that scales by what its own weight measures.

Trace: Scaled
Input: float32[2,3]
Harmless: the shape of a parameter is part of the model, however it is read.
"""

import math

import torch
from torch import Tensor, nn


def fan_in(weight: Tensor) -> float:
    return math.sqrt(int(weight.shape[1]))


class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(4, 3))

    def forward(self, x: Tensor) -> Tensor:
        rows = len(self.weight)
        return (x @ self.weight.t()).view(-1, rows) / fan_in(self.weight)
