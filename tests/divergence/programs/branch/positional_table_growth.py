"""A sinusoidal table that is made anew where a sequence is longer than it.

Trace: Encoder
Input: float32[1,5,4]
Happens: the trace never grows the table, and a longer sequence finds no rows for its end.
"""

import math

import torch
from torch import Tensor, nn


def sinusoid(length: int, width: int) -> Tensor:
    position = torch.arange(length).unsqueeze(1)
    rate = torch.exp(torch.arange(0, width, 2) * (-math.log(100.0) / width))
    table = torch.zeros(length, width)
    table[:, 0::2] = torch.sin(position * rate)
    table[:, 1::2] = torch.cos(position * rate)
    return table


class PositionalTable(nn.Module):
    def __init__(self, length: int, width: int):
        super().__init__()
        self.width = width
        self.register_buffer("table", sinusoid(length, width))

    def rows(self, length: int) -> Tensor:
        if length > self.table.size(0):  # guilty: branch
            self.table = sinusoid(int(length), self.width)
        return self.table[:length]

    def forward(self, x: Tensor) -> Tensor:
        return x + self.rows(x.size(1))


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.positions = PositionalTable(6, 4)
        self.norm = nn.LayerNorm(4)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.positions(x))
