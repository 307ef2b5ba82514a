"""A buffer that follows the mean of all inputs, through operators.

Trace: Follower
Input: float32[2,3]
Harmless: writes to buffers are recorded, so it follows in a trace too.
"""

import torch
from torch import Tensor, nn


class Follower(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(3))

    def update(self, x: Tensor) -> None:
        with torch.no_grad():
            self.mean.mul_(0.9).add_(x.mean(dim=0), alpha=0.1)

    def forward(self, x: Tensor) -> Tensor:
        self.update(x)
        return x - self.mean
