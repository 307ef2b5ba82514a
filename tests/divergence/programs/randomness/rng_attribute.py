"""A jitter from a numpy generator that the module keeps: each call has another.

Trace: Jitter
Input: float32[3]
Happens: the first jitter is a constant; the second call shows it.
"""

import numpy as np
from torch import Tensor, nn


class Jitter(nn.Module):
    def __init__(self):
        super().__init__()
        self.rng = np.random.default_rng(3)

    def amount(self) -> float:
        return float(self.rng.uniform(0.5, 1.5))  # guilty: randomness or python-state

    def forward(self, x: Tensor) -> Tensor:
        return x * self.amount()
