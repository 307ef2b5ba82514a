"""Attention that reshapes with sizes that a trace follows, and masks with one that it does not.

Trace: LocalAttention
Input: float32[2,4,4]
Happens: `view` with sizes is right; the mask's `int` is not.
"""

import torch
from torch import Tensor, nn


class LocalAttention(nn.Module):
    heads, width = 2, 2

    def split(self, x: Tensor) -> Tensor:
        batch, length, _ = x.shape
        return x.view(batch, length, self.heads, self.width).transpose(1, 2)

    def mask(self, length: int) -> Tensor:
        steps = torch.arange(int(length))  # guilty: shape
        return (steps.unsqueeze(0) - steps.unsqueeze(1)).abs() > 1

    def forward(self, x: Tensor) -> Tensor:
        split = self.split(x)
        scores = split @ split.transpose(2, 3)
        scores = scores.masked_fill(self.mask(x.shape[1]), -1e4)
        mixed = scores.softmax(dim=-1) @ split
        return mixed.transpose(1, 2).reshape(x.shape)
