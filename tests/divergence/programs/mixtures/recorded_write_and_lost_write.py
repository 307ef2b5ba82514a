"""Two writes to buffers: one that a trace records, and one through numpy that it does not.

Trace: Tracker
Input: float32[2,3]:0..1
Happens: the first buffer follows, the second stays.
"""

import torch
from torch import Tensor, nn


class Tracker(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("total", torch.zeros(3))
        self.register_buffer("largest", torch.zeros(3))

    def add(self, x: Tensor) -> None:
        self.total.add_(x.sum(dim=0))

    def raise_largest(self, x: Tensor) -> None:
        self.largest.numpy()[:] = x.amax(dim=0).numpy()  # guilty: aliasing or constant

    def forward(self, x: Tensor) -> Tensor:
        self.add(x)
        self.raise_largest(x)
        return x + self.total - self.largest
