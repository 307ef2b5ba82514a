"""A module that counts its calls for statistics, and rectifies only where something is negative and small.

Trace: Gate
Input: float32[2,3]:1..2
Happens: the counter is never used in a result; the branch is.
"""

from torch import Tensor, nn


class Statistics:
    def __init__(self):
        self.calls, self.rows = 0, 0

    def note(self, x: Tensor) -> None:
        self.calls += 1
        self.rows += x.shape[0]


class Gate(nn.Module):
    def __init__(self):
        super().__init__()
        self.statistics = Statistics()

    def gated(self, x: Tensor) -> Tensor:
        if (x < 0.5).any():  # guilty: branch
            return x * x.sigmoid()
        return x

    def forward(self, x: Tensor) -> Tensor:
        self.statistics.note(x)
        return self.gated(x)
