"""Residual blocks that are skipped by a draw.

Trace: Deep
Input: float32[2,3]
Happens: which blocks run was drawn once.
"""

import torch
from torch import Tensor, nn


class Skippable(nn.Module):
    def __init__(self, probability: float):
        super().__init__()
        self.body = nn.Linear(3, 3)
        self.probability = probability

    def skipped(self) -> bool:
        return bool(torch.rand(()) < self.probability)  # guilty: randomness or branch

    def forward(self, x: Tensor) -> Tensor:
        if self.skipped():  # also right: randomness
            return x
        return x + self.body(x)


class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(*(Skippable(0.5) for _ in range(4)))

    def forward(self, x: Tensor) -> Tensor:
        return self.blocks(x)
