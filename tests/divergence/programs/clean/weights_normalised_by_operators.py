"""Weight normalisation: the weight is made of direction and length in each call.

Trace: Normalised
Input: float32[2,3]
Harmless: parameters are read, and nothing is kept.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Normalised(nn.Module):
    def __init__(self):
        super().__init__()
        self.direction = nn.Parameter(torch.randn(2, 3))
        self.length = nn.Parameter(torch.ones(2, 1))
        self.uses_bias = False

    @property
    def weight(self) -> Tensor:
        return self.length * self.direction / self.direction.norm(dim=1, keepdim=True)

    def forward(self, x: Tensor) -> Tensor:
        if self.direction.norm() == 0:
            raise ValueError("no direction")
        bias = torch.zeros(self.weight.shape[0]) if self.uses_bias else None
        return F.linear(x, self.weight, bias)
