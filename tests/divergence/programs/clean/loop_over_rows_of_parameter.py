"""Distances to prototypes, of which there are as many as the model has.

Trace: Prototypes
Input: float32[2,3]
Harmless: the loop runs over a parameter.
"""

import torch
from torch import Tensor, nn


class Prototypes(nn.Module):
    def __init__(self):
        super().__init__()
        self.rows = nn.Parameter(torch.randn(4, 3))

    def forward(self, x: Tensor) -> Tensor:
        return torch.stack([(x - row).norm(dim=1) for row in self.rows], dim=1)
