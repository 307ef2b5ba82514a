"""Padding rows of an embedding are zeroed through `.data` in each call.

Trace: Padded
Input: float32[3,2]:3..4
Happens: the graph does not zero the row.
"""

import torch
from torch import Tensor, nn


class Table(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3, 2))

    def reset_padding(self) -> None:
        raw = self.weight.data  # also right: aliasing
        raw[0].fill_(0)  # guilty: aliasing


class Padded(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = Table()

    def forward(self, x: Tensor) -> Tensor:
        self.table.reset_padding()
        return x * self.table.weight
