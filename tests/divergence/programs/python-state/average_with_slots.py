"""A moving average that an object with slots keeps from call to call.

Trace: Tracker
Input: float32[3]:1..2
Happens: the trace holds the average of the first call.
"""

from torch import nn


class Ema:
    __slots__ = ("decay", "value")

    def __init__(self, decay):
        self.decay = decay
        self.value = None

    def step(self, new):
        if self.value is None:  # also right: python-state or branch
            self.value = new
        else:
            self.value = self.decay * self.value + (1 - self.decay) * new  # also right: python-state
        return self.value  # guilty: python-state


class Tracker(nn.Module):
    def __init__(self):
        super().__init__()
        self.ema = Ema(0.9)

    def forward(self, x):
        return x / self.ema.step(x.abs().mean())
