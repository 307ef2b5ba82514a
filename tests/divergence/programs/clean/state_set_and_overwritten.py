"""Attributes are set in each call before they are read.

Trace: Scratch
Input: float32[2,3]
Harmless: nothing of an earlier call is read.
"""

from torch import Tensor, nn


class Scratch(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(3, 3)
        self.kept = None
        self.parts: list[Tensor] = []

    def collect(self, x: Tensor) -> None:
        self.parts = []
        for _ in range(2):
            x = self.dense(x).tanh()
            self.parts.append(x)
        self.kept = x

    def forward(self, x: Tensor) -> Tensor:
        self.collect(x)
        return self.kept + self.parts[0]
