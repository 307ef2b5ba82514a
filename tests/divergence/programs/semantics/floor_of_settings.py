"""A temperature from a setting by floor division of floats, which the script computes otherwise.

Trace: Tempered
Input: float32[3]
Happens: 6 // 0.1 is 59 in Python and 60 in TorchScript.
"""

from torch import Tensor, nn


class Settings(nn.Module):
    def __init__(self, total: float, part: float):
        super().__init__()
        self.total, self.part = total, part

    def steps(self) -> float:
        whole = self.total // self.part  # guilty: semantics
        return whole + 1.0

    def forward(self, x: Tensor) -> Tensor:
        return x / self.steps()


class Tempered(nn.Module):
    def __init__(self):
        super().__init__()
        self.settings = Settings(6.0, 0.1)

    def forward(self, x: Tensor) -> Tensor:
        return self.settings(x).softmax(dim=-1)
