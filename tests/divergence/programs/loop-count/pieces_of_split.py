"""A layer that is applied to pieces of two columns, with a number for each piece.

Trace: Grouped
Input: float32[2,4]
Happens: two pieces were there while tracing.
"""

import torch
from torch import Tensor, nn


class Grouped(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(2, 3)

    def each(self, x: Tensor) -> list[Tensor]:
        made: list[Tensor] = []
        for number, piece in enumerate(x.split(2, dim=1)):  # guilty: loop-count
            made.append(self.dense(piece) * (number + 1))
        return made

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat(self.each(x), dim=1)
