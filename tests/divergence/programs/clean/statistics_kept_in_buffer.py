"""A running mean in a buffer that operators write to, in eval mode too.

Trace: Centred
Input: float32[2,3]
Harmless: the trace writes to its buffer alike.
"""

import torch
from torch import Tensor, nn


class Centred(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(3))
        self.register_buffer("count", torch.zeros((), dtype=torch.long))

    def forward(self, x: Tensor) -> Tensor:
        self.count.add_(1)
        self.mean.mul_(0.9).add_(x.mean(0), alpha=0.1)
        return (x - self.mean) / self.count
