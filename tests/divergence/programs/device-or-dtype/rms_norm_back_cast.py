"""A norm that computes in single precision and casts back to the type that it was given.

Trace: Block
Input: float32[2,4]
Happens: "back" is float32 for ever.
"""

import torch
from torch import Tensor, nn


class RootMeanSquare(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.weight = nn.Parameter(torch.linspace(0.5, 2, width))

    def forward(self, x: Tensor) -> Tensor:
        given = x.dtype  # also right: device-or-dtype
        x = x.to(torch.float32)
        x = x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)
        return (self.weight * x).to(given)  # guilty: device-or-dtype


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = RootMeanSquare(4)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(x * 2)
