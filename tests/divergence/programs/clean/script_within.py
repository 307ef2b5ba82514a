"""A data-dependent branch in a scripted function that the traced module calls.

Trace: Outer
Input: float32[2,4]
Harmless: a scripted function keeps both arms.
"""

import torch
from torch import Tensor, nn


@torch.jit.script
def bounded(x: Tensor) -> Tensor:
    if bool(x.mean() > 1):
        x = x / x.mean()
    for _ in range(x.size(0)):
        x = x + 0.1
    return x


class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.dense(bounded(x))
