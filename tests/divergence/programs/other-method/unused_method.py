"""A visualisation hook that was marked as unused, although the model calls it.

Trace: Model
Input: float32[3]
Happens: the script raises where eager runs the method.
"""

import torch
from torch import Tensor, nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(3))

    @torch.jit.unused
    def refine(self, x: Tensor) -> Tensor:  # also right: other-method
        return x * self.scale.exp()

    def forward(self, x: Tensor) -> Tensor:
        return self.refine(x.abs())  # guilty: other-method
