"""A hard gate made of operators where others would write an `if`.

Trace: Gate
Input: float32[2,4]
Harmless: both arms are computed, and `where` chooses.
"""

import torch
from torch import Tensor, nn


class Gate(nn.Module):
    def __init__(self):
        super().__init__()
        self.open, self.shut = nn.Linear(4, 2), nn.Linear(4, 2)
        self.register_buffer("limit", torch.tensor(0.0))

    def forward(self, x: Tensor) -> Tensor:
        is_open = x.mean(dim=-1, keepdim=True) > self.limit
        return torch.where(is_open, self.open(x), self.shut(x))
