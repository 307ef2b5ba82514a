"""A layer that adds the depth which a variable of the context counts.

Trace: Layered
Input: float32[2]
Happens: the trace holds the depth of the first call.
"""

from contextvars import ContextVar

import torch
from torch import nn

DEPTH: ContextVar = ContextVar("depth", default=0)


class Layered(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.tensor(1.5))

    def forward(self, x):
        depth = DEPTH.get()  # guilty: python-state
        DEPTH.set(depth + 1)  # also right: python-state
        return x * self.w + depth
