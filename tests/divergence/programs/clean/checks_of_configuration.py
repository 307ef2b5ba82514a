"""A layer that checks its own configuration in each call, and measures its weights.

Trace: Layer
Input: float32[2,4]
Harmless: nothing of the input is looked at.
"""

import torch
from torch import Tensor, nn


class Layer(nn.Module):
    def __init__(self, width: int = 4, heads: int = 2):
        super().__init__()
        self.width, self.heads = width, heads
        self.weight = nn.Parameter(torch.eye(width))

    def check(self) -> None:
        if self.width % self.heads:
            raise ValueError("the width is no multiple of the heads")
        assert self.weight.dim() == 2
        assert self.weight.shape[0] == self.width

    def forward(self, x: Tensor) -> Tensor:
        self.check()
        return x @ self.weight
