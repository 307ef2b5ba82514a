"""A decoder that runs as many steps as the longest of the lengths that it is given.

Trace: Decoder
Input: int64[2]:1..3
Input: float32[2,3]
Happens: the steps of the tracing lengths are unrolled.
"""

import torch
from torch import Tensor, nn


class Step(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(3, 3)

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        return self.cell(x, hidden)


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.step = Step()

    def forward(self, lengths: Tensor, x: Tensor) -> Tensor:
        hidden, made = torch.zeros_like(x), torch.zeros_like(x)
        for at in range(int(lengths.max())):  # guilty: loop-count or constant
            hidden = self.step(x, hidden)
            made = made + hidden * (lengths > at).unsqueeze(1)
        return made
