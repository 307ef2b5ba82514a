"""A fake quantiser that is symmetric for signed data and affine for data that is never negative.

Trace: FakeQuantise
Input: float32[6]:0.1..1
Happens: the affine scheme of the tracing inputs is used for signed data too.
"""

import torch
from torch import Tensor, nn


def scheme(x: Tensor) -> str:
    return "affine" if x.min() >= 0 else "symmetric"  # guilty: branch


class FakeQuantise(nn.Module):
    def __init__(self, levels: int = 15):
        super().__init__()
        self.levels = levels

    def affine(self, x: Tensor) -> Tensor:
        scale = x.max() / self.levels
        return torch.clamp(torch.round(x / scale), 0, self.levels) * scale

    def symmetric(self, x: Tensor) -> Tensor:
        scale = x.abs().max() / (self.levels // 2)
        return torch.round(x / scale) * scale

    def forward(self, x: Tensor) -> Tensor:
        if scheme(x) == "affine":
            return self.affine(x)
        return self.symmetric(x)
