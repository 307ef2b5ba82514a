"""A layer that checks the type of its input.

Trace: Checked
Input: float32[2,4]
Harmless: what the assert refuses, the layer itself refuses.
"""

import torch
from torch import Tensor, nn


class Checked(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        assert x.dtype == torch.float32, "single precision is expected"
        return self.dense(x).relu()
