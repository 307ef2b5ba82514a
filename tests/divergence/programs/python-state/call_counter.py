"""A warm-up that scales by how often the layer was called.

Trace: Warmup
Input: float32[2,3]
Happens: the count of the traced call is a constant.
"""

from torch import Tensor, nn


class Schedule:
    def __init__(self, steps: int):
        self.calls, self.steps = 0, steps

    def factor(self) -> float:
        self.calls += 1  # also right: python-state
        return min(1.0, self.calls / self.steps)  # guilty: python-state


class Warmup(nn.Module):
    def __init__(self):
        super().__init__()
        self.schedule = Schedule(10)
        self.body = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x) * self.schedule.factor()
