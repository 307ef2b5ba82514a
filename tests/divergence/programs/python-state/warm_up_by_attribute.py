"""An auxiliary term that is used only in the first two calls.

Trace: WarmUp
Input: float32[2,3]
Happens: the first call was traced, so the term is always there.
"""

from torch import Tensor, nn


class Schedule:
    def __init__(self, steps: int):
        self.steps, self.done = steps, 0

    def is_warm(self) -> bool:
        self.done += 1
        return self.done > self.steps  # guilty: python-state


class WarmUp(nn.Module):
    def __init__(self):
        super().__init__()
        self.schedule = Schedule(2)
        self.main, self.auxiliary = nn.Linear(3, 2), nn.Linear(3, 2)

    def forward(self, x: Tensor) -> Tensor:
        made = self.main(x)
        if not self.schedule.is_warm():  # also right: python-state or branch
            made = made + self.auxiliary(x)
        return made
