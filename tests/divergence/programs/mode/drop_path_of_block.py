"""Stochastic depth as vision transformers have it: a function that is told whether the block is trained.

Trace: Network
Input: float32[2,3]
Happens: traced in eval mode, nothing is ever dropped.
"""

import torch
from torch import Tensor, nn


def drop_path(x: Tensor, probability: float, training: bool) -> Tensor:
    if probability == 0.0 or not training:  # guilty: mode
        return x
    keep = 1 - probability
    mask = (torch.rand(x.shape[0], 1) + keep).floor()
    return x / keep * mask


class DropPath(nn.Module):
    def __init__(self, probability: float):
        super().__init__()
        self.probability = probability

    def forward(self, x: Tensor) -> Tensor:
        return drop_path(x, self.probability, self.training)  # also right: mode


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList(nn.Sequential(nn.Linear(3, 3), DropPath(0.6)) for _ in range(2))
        self.eval()

    def forward(self, x: Tensor) -> Tensor:
        for block in self.blocks:
            x = x + block(x)
        return x
