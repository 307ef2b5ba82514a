"""A mask that is cached, which changes nothing, and a momentum that is carried over, which does.

Trace: Momentum
Input: float32[1,3]
Happens: the cache holds the same each time; what was carried over does not.
"""

import torch
from torch import Tensor, nn


class Momentum(nn.Module):
    def __init__(self):
        super().__init__()
        self.cached = None
        self.velocity = torch.zeros(1, 3)

    def mask(self) -> Tensor:
        if self.cached is None:
            self.cached = torch.tensor([[1.0, 0.0, 1.0]])
        return self.cached

    def carried(self, x: Tensor) -> Tensor:
        velocity = self.velocity * 0.9 + x  # guilty: python-state
        self.velocity = velocity.detach()  # also right: python-state
        return velocity

    def forward(self, x: Tensor) -> Tensor:
        return self.carried(x) * self.mask()
