"""A layer that measures how long it took.

Trace: Timed
Input: float32[2,3]
Harmless: the time is kept and never used.
"""

import time

from torch import Tensor, nn


class Timed(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(3, 3)
        self.seconds = 0.0

    def forward(self, x: Tensor) -> Tensor:
        start = time.perf_counter()
        y = self.body(x)
        self.seconds += time.perf_counter() - start
        return y
