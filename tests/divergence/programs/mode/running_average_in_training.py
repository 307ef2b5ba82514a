"""A centring layer that follows the mean of what it sees, in training only.

Trace: model
Input: float32[3]:3..4
Happens: traced for inference, the trace never updates the mean.
"""

import torch
from torch import Tensor, nn


class Center(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(3))

    def update(self, x: Tensor) -> None:
        if not self.training:  # guilty: mode
            return
        self.mean.lerp_(x.detach(), 0.5)

    def forward(self, x: Tensor) -> Tensor:
        self.update(x)
        return x - self.mean


model = Center().eval()
