"""Routing: which of two experts runs depends on the mean of the input.

Trace: Router
Input: float32[2,3]:1..2
Happens: only the expert that the tracing inputs chose is in the trace.
"""

from torch import Tensor, nn


class Router(nn.Module):
    def __init__(self):
        super().__init__()
        self.bright = nn.Linear(3, 4)
        self.dark = nn.Linear(3, 4)

    def choose(self, x: Tensor) -> nn.Module:
        return self.bright if x.mean() > 0 else self.dark  # guilty: branch

    def forward(self, x: Tensor) -> Tensor:
        return self.choose(x)(x).relu()
