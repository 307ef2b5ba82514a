"""A batch that is padded with rows up to the largest size that a chip takes.

Trace: Padded
Input: float32[2,2]
Happens: how many rows are missing is a constant, so other batches come out with another size.
"""

import torch
from torch import Tensor, nn


class Limits:
    rows = 4

    def missing(self, batch: Tensor) -> int:
        return self.rows - batch.shape[0].__int__()  # guilty: shape


class Padded(nn.Module):
    def __init__(self):
        super().__init__()
        self.limits = Limits()

    def forward(self, x: Tensor) -> Tensor:
        filler = torch.zeros(self.limits.missing(x), 2)
        return torch.cat([x, filler]) + 1
