"""Pyramid pooling over configured grids, in a comprehension.

Trace: Pyramid
Input: float32[2,2,4,6]
Harmless: the comprehension runs over numbers of the model.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Pyramid(nn.Module):
    def __init__(self, grids=(1, 2)):
        super().__init__()
        self.grids = grids

    def forward(self, x: Tensor) -> Tensor:
        pooled = [F.adaptive_max_pool2d(x, grid).flatten(1) for grid in self.grids]
        return torch.cat(pooled, dim=1)
