"""A gate of halves, by `chunk` of the features.

Trace: Gated
Input: float32[2,6]
Harmless: the number of chunks is two whatever the input.
"""

from torch import Tensor, nn


class Gated(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(6, 8)

    def forward(self, x: Tensor) -> Tensor:
        value, gate = self.dense(x).chunk(2, dim=-1)
        return value * gate.sigmoid()
