"""Rotary angles that are made in the type of the queries.

Trace: Rotary
Input: float32[3,4]
Happens: the angles of the trace are float32, and half-precision queries come out as float32.
"""

import torch
from torch import Tensor, nn


def angles(x: Tensor) -> Tensor:
    steps = torch.arange(x.size(0), dtype=x.dtype)  # guilty: device-or-dtype
    return steps.unsqueeze(1) * 0.1


class Rotary(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        first, second = x.chunk(2, dim=-1)
        turn = angles(x)
        return torch.cat([first * turn.cos() - second * turn.sin(), second * turn.cos()], dim=-1)
