"""Layers by name, chosen with `getattr` and a number that was a tensor.

Trace: Chooser
Input: float32[3]
Input: int64[]:0..1
Happens: one of them is kept.
"""

from torch import Tensor, nn


class Chooser(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer0, self.layer1 = nn.Linear(3, 3), nn.Linear(3, 3)

    def named(self, which: Tensor) -> nn.Module:
        return getattr(self, "layer" + str(int(which) % 2))  # guilty: constant

    def forward(self, x: Tensor, which: Tensor) -> Tensor:
        return self.named(which)(x).relu() + x
