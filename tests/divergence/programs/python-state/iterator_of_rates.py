"""A schedule that is an endless iterator.

Trace: Cyclic
Input: float32[3]
Happens: the iterator moved on while tracing, and the trace keeps what it gave.
"""

import itertools

from torch import Tensor, nn


class Cyclic(nn.Module):
    def __init__(self):
        super().__init__()
        self.rates = itertools.cycle([0.1, 0.5, 0.9])

    def rate(self) -> float:
        return next(self.rates)  # guilty: python-state

    def forward(self, x: Tensor) -> Tensor:
        return x + self.rate() * x.abs()
