"""A rate that depends on how often a dataclass was advanced, which also keeps a history.

Trace: Scheduler
Input: float32[3]
Happens: the trace holds the rate of the first call.
"""

from dataclasses import dataclass, field

from torch import nn


@dataclass
class Progress:
    step: int = 0
    history: list = field(default_factory=list)

    def advance(self):
        self.step += 1  # also right: python-state
        self.history.append(self.step)

    @property
    def rate(self):
        return 1.0 / (1 + self.step)  # also right: python-state


class Scheduler(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(3, 3)
        self.progress = Progress()

    def forward(self, x):
        self.progress.advance()
        return self.lin(x) * self.progress.rate  # guilty: python-state
