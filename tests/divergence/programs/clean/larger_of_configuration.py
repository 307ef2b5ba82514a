"""Python's `max`, `min`, `sorted` and `sum` over numbers of the configuration.

Trace: Mixed
Input: float32[2,8]
Harmless: they are numbers of Python.
"""

from torch import Tensor, nn


class Mixed(nn.Module):
    widths = (3, 1, 4)

    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(8, sum(self.widths))

    def forward(self, x: Tensor) -> Tensor:
        parts = self.dense(x).split(list(self.widths), dim=-1)
        ordered = sorted(range(len(parts)), key=lambda at: self.widths[at])
        widest = parts[ordered[-1]].mean(-1)
        return widest / max(self.widths) + parts[min(ordered)].sum(-1)
