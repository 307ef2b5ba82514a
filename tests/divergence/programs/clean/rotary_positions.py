"""Rotary positions, made anew for the length of each sequence.

Trace: Rotary
Input: float32[2,3,4]
Harmless: angles are made by operators of a recorded size.
"""

import torch
from torch import Tensor, nn


class Rotary(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("rates", torch.tensor([1.0, 0.01]))

    def angles(self, x: Tensor) -> Tensor:
        steps = torch.arange(x.size(1)).float()
        return torch.outer(steps, self.rates)

    def forward(self, x: Tensor) -> Tensor:
        angles = self.angles(x)
        first, second = x[..., :2], x[..., 2:]
        turned = (first * angles.cos() - second * angles.sin(), first * angles.sin() + second * angles.cos())
        return torch.cat(turned, dim=-1)
