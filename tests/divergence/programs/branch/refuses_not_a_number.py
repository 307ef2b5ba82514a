"""A layer that raises if its result overflows, as training code does.

Trace: Guarded
Input: float32[2,3]
Happens: eager refuses what overflows, and the trace hands infinities on.
"""

import torch
from torch import Tensor, nn


class OverflowGuard:
    def __init__(self, name: str):
        self.name = name

    def check(self, value: Tensor) -> None:
        finite = torch.isfinite(value).all()
        if not finite:  # guilty: branch
            raise FloatingPointError(f"{self.name} is not finite")


class Guarded(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(3, 3)
        with torch.no_grad():
            self.dense.weight.fill_(1.0)
        self.guard = OverflowGuard("dense")

    def forward(self, x: Tensor) -> Tensor:
        made = self.dense(x).exp()
        self.guard.check(made)
        return made / (made + 1)
