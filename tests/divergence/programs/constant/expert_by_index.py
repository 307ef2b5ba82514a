"""A mixture of experts where a tensor says which one answers.

Trace: Experts
Input: float32[2,3]
Input: int64[]:0..1
Happens: the index was read once, and one expert answers everything.
"""

from torch import Tensor, nn


class Experts(nn.Module):
    def __init__(self):
        super().__init__()
        self.experts = nn.ModuleList(nn.Linear(3, 2) for _ in range(3))

    def pick(self, which: Tensor) -> nn.Module:
        number = which.item() % 3  # guilty: constant
        return self.experts[number]

    def forward(self, x: Tensor, which: Tensor) -> Tensor:
        return self.pick(which)(x)
