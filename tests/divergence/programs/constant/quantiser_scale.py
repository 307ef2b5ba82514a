"""Dynamic quantisation: scale and zero point are numbers, as the operator wants them.

Trace: DynamicLinear
Input: float32[2,4]:-1..1
Happens: the scale of the traced activations quantises all others, which saturate.
"""

import torch
from torch import Tensor, nn


class Observer:
    """What range of numbers a tensor has."""

    levels = 255

    def scale(self, x: Tensor) -> float:
        spread = x.max().clamp(min=0) - x.min().clamp(max=0)
        return float(spread) / self.levels  # guilty: constant


class DynamicLinear(nn.Module):
    def __init__(self):
        super().__init__()
        self.observer = Observer()
        self.linear = nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        scale = self.observer.scale(x)
        quantised = torch.clamp(torch.round(x / scale), -127, 127)
        return self.linear(quantised * scale)
