"""A layer that converts its weight to the type of what comes in.

Trace: Follow
Input: float32[2,3]
Happens: the weight is converted to float32 for ever, and doubles do not fit it.
"""

import torch
from torch import Tensor, nn


class Cast(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.linspace(-1, 1, 6).reshape(2, 3))

    def matching(self, dtype: torch.dtype) -> Tensor:
        return self.weight.to(dtype)  # also right: device-or-dtype

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.matching(x.dtype).t()  # guilty: device-or-dtype


class Follow(nn.Module):
    def __init__(self):
        super().__init__()
        self.cast = Cast()

    def forward(self, x: Tensor) -> Tensor:
        return self.cast(x).relu()
