"""A greeting that is added the first time only.

Trace: Greeter
Input: float32[2]
Happens: the trace greets for ever.
"""

from torch import Tensor, nn


class Greeter(nn.Module):
    def __init__(self):
        super().__init__()
        self.seen: set[str] = set()

    def is_new(self, name: str) -> bool:
        new = name not in self.seen  # guilty: python-state
        self.seen.add(name)  # also right: python-state
        return new

    def forward(self, x: Tensor) -> Tensor:
        return x + 1 if self.is_new("x") else x  # also right: python-state or branch
