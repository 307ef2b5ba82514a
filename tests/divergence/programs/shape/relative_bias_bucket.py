"""Relative position bias whose table of distances is made by list comprehension.

Trace: RelativeBias
Input: float32[1,3,3]
Happens: the distances of three positions are a constant.
"""

import torch
from torch import Tensor, nn


def distances(length: int) -> list[list[int]]:
    steps = list(range(length))  # guilty: shape or loop-count
    return [[min(abs(a - b), 3) for b in steps] for a in steps]


class RelativeBias(nn.Module):
    def __init__(self):
        super().__init__()
        self.bias = nn.Parameter(torch.arange(4.0) / 4)

    def forward(self, scores: Tensor) -> Tensor:
        table = torch.tensor(distances(scores.shape[-1]))
        return scores + self.bias[table]
