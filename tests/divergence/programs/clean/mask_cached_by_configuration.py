"""A mask that is made at the first call and kept.

Trace: Masked
Input: float32[2,3]
Harmless: it is the same in every call.
"""

import torch
from torch import Tensor, nn


class Masked(nn.Module):
    def __init__(self):
        super().__init__()
        self.kept = None

    def mask(self) -> Tensor:
        if self.kept is None:
            self.kept = torch.tensor([1.0, 0.0, 1.0])
        return self.kept

    def forward(self, x: Tensor) -> Tensor:
        return x * self.mask()
