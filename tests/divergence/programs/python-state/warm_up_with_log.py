"""A warm-up whose counter also decides when something is logged.

Trace: Trainer
Input: float32[3]
Happens: the trace holds the factor of the first call; that it never logs does not matter.
"""

import logging

from torch import nn

log = logging.getLogger("steps")


class Warmup:
    def __init__(self, steps):
        self.steps = steps
        self.calls = 0

    def tick(self):
        self.calls += 1
        if self.calls % 2 == 0:
            log.debug("call %d", self.calls)

    def factor(self):
        return min(self.calls / self.steps, 1.0)  # guilty: python-state


class Trainer(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 3)
        self.warmup = Warmup(10)

    def forward(self, x):
        self.warmup.tick()
        y = self.fc(x)
        return y * self.warmup.factor()
