"""An exponential moving average over time with the weights of a parameter.

Trace: Smooth
Input: float32[2,5]
Happens: the loop over time was unrolled for five steps.
"""

import torch
from torch import Tensor, nn


class Average:
    def __init__(self, rate: Tensor):
        self.rate, self.value = rate, None

    def add(self, x: Tensor) -> Tensor:
        self.value = x if self.value is None else self.value + self.rate * (x - self.value)
        return self.value


class Smooth(nn.Module):
    def __init__(self):
        super().__init__()
        self.rate = nn.Parameter(torch.tensor(0.3))

    def forward(self, x: Tensor) -> Tensor:
        average = Average(self.rate)
        columns = x.unbind(dim=1)
        return torch.stack([average.add(column) for column in columns], dim=1)  # guilty: loop-count
