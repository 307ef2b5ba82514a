"""A layer with a progress message every other call, and a record of the largest value seen.

Trace: Noted
Input: float32[2,3]
Harmless: neither gets into a result.
"""

from torch import Tensor, nn


class Noted(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(3, 3)
        self.calls, self.largest, self.notes = 0, 0.0, []

    def note(self, x: Tensor) -> None:
        self.calls += 1
        value = float(x.abs().max())
        if value > self.largest:
            self.largest = value
        if self.calls % 2 == 0:
            self.notes.append(f"{self.calls}: {self.largest}")

    def forward(self, x: Tensor) -> Tensor:
        y = self.body(x)
        self.note(y)
        return y.tanh()
