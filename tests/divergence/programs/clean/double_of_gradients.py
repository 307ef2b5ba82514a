"""Heads of which some are frozen: their parameters need no gradients, and a context turns these off.

Trace: Frozen
Input: float32[2,3]
Harmless: gradients do not change values.
"""

import torch
from torch import Tensor, nn


class Frozen(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(3, 3), nn.Linear(3, 1)
        for parameter in self.first.parameters():
            parameter.requires_grad_(False)

    @property
    def is_frozen(self) -> bool:
        return not any(each.requires_grad for each in self.first.parameters())

    def forward(self, x: Tensor) -> Tensor:
        with torch.set_grad_enabled(not self.is_frozen):
            hidden = self.first(x).relu()
        return self.second(hidden)
