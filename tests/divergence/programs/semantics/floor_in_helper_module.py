"""A hop size by floor division of seconds, in a module of its own.

Trace: Front
Input: float32[2]
Happens: TorchScript's floor division of floats rounds the quotient first.
"""

from torch import Tensor, nn


class Hops(nn.Module):
    def __init__(self):
        super().__init__()
        self.seconds, self.hop = 0.7, 0.1

    def forward(self) -> float:
        return self.seconds // self.hop  # guilty: semantics


class Front(nn.Module):
    def __init__(self):
        super().__init__()
        self.hops = Hops()
        self.seconds = 6.0

    def forward(self, x: Tensor) -> Tensor:
        return x * (self.hops() + 1.0 // 0.1)  # also right: semantics
