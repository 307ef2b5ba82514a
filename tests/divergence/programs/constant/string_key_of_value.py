"""Adapters that are found in a ModuleDict by a name made of a tensor's value.

Trace: Adapters
Input: float32[3]
Input: int64[]:0..1
Happens: the name was formatted once.
"""

from torch import Tensor, nn


def name_of(task: Tensor) -> str:
    return f"task_{task.item()}"  # guilty: constant


class Adapters(nn.Module):
    def __init__(self):
        super().__init__()
        self.adapters = nn.ModuleDict({f"task_{number}": nn.Linear(3, 3) for number in range(3)})

    def forward(self, x: Tensor, task: Tensor) -> Tensor:
        return x + self.adapters[name_of(task)](x)
