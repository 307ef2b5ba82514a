"""Positional tables in a dict whose keys are texts made of the sizes.

Trace: Positions
Input: float32[1,3,2]
Happens: the table for the tracing size was looked up, and is added to everything.
"""

import torch
from torch import Tensor, nn


class Tables:
    def __init__(self):
        self.known = {f"{rows}x2": torch.full((1, rows, 2), float(rows)) for rows in (1, 2, 3, 4, 5, 6)}

    def of(self, x: Tensor) -> Tensor:
        name = f"{int(x.shape[1])}x2"  # guilty: shape
        return self.known.get(name, torch.zeros(1))  # also right: shape or constant


class Positions(nn.Module):
    def __init__(self):
        super().__init__()
        self.tables = Tables()
        self.dense = nn.Linear(2, 2)

    def forward(self, x: Tensor) -> Tensor:
        table = self.tables.of(x)
        return self.dense(x) + table.mean()
