"""A layer that counts its calls and rows.

Trace: Counting
Input: float32[2,3]
Harmless: nobody reads the counts in a result.
"""

from torch import Tensor, nn


class Counting(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(3, 3)
        self.calls = 0
        self.rows = []

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        self.rows.append(int(x.shape[0]))
        if self.calls > 100:
            self.rows.clear()
        return self.dense(x)
