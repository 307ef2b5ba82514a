"""Diffusion: the coefficient of a time step is looked up in a list by the number that `item` gives.

Trace: Diffusion
Input: float32[2,3]
Input: int64[1]:1..2
Happens: the coefficient of the traced step is a constant.
"""

import math

from torch import Tensor, nn


class Schedule:
    def __init__(self, steps: int):
        self.coefficients = [math.cos(step / steps) ** 2 for step in range(steps)]

    def at(self, step: Tensor) -> float:
        return self.coefficients[step.item()]  # guilty: constant


class Diffusion(nn.Module):
    def __init__(self):
        super().__init__()
        self.schedule = Schedule(5)
        self.dense = nn.Linear(3, 3)

    def forward(self, x: Tensor, step: Tensor) -> Tensor:
        kept = self.schedule.at(step)
        return math.sqrt(kept) * x + math.sqrt(1 - kept) * self.dense(x)
