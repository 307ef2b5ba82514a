"""A scale that may be a number or a flag, told apart with `isinstance`.

Trace: Scaled
Input: float32[3]
Happens: a bool is an int for Python and none for TorchScript.
"""

from torch import Tensor, nn


class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = True

    def factor(self) -> float:
        if isinstance(self.scale, int):  # guilty: semantics
            return 2.0
        return 0.5

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factor()
