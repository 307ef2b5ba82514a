"""Stochastic depth that draws from a generator of numpy which the layer owns.

Trace: Path
Input: float32[2,3]
Happens: the trace keeps what was drawn first.
"""

import numpy as np
import torch
from torch import nn


class DropPath(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p
        self.rng = np.random.default_rng(3)

    def keep(self):
        return self.rng.uniform() >= self.p  # guilty: randomness

    def forward(self, x):
        return x / (1 - self.p) if self.keep() else torch.zeros_like(x)  # also right: randomness


class Path(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 3)
        self.drop = DropPath(0.5)

    def forward(self, x):
        return x + self.drop(self.fc(x))
