"""A norm that has an arm of its own for scripting, which forgets the shift.

Trace: Norm
Input: float32[2,3]
Happens: the script runs the other arm.
"""

import torch
from torch import Tensor, nn


class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.shift = nn.Parameter(torch.ones(3))

    def forward(self, x: Tensor) -> Tensor:
        if torch.jit.is_scripting():  # guilty: mode
            return x / x.norm()
        return x / x.norm() + self.shift
