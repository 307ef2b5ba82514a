"""A memory whose contents are exchanged by assigning to `.data`.

Trace: Memory
Input: float32[3]:0..1
Happens: the assignment is not in the trace, which reads the slot as it was.
"""

import torch
from torch import Tensor, nn


class Slot(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("value", torch.zeros(3))

    def write(self, x: Tensor) -> None:
        self.value.data = x * 2  # guilty: aliasing


class Memory(nn.Module):
    def __init__(self):
        super().__init__()
        self.slot = Slot()

    def forward(self, x: Tensor) -> Tensor:
        self.slot.write(x)
        return self.slot.value + x
