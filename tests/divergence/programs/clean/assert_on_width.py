"""A projection that checks the width of what it is given against its own weight.

Trace: Projection
Input: float32[2,3,4]
Harmless: another width does not fit the product either.
"""

import torch
from torch import Tensor, nn


def check_width(x: Tensor, weight: Tensor) -> None:
    if x.shape[-1] != weight.shape[1]:
        raise ValueError("the width does not fit")


class Projection(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(5, 4))

    def forward(self, x: Tensor) -> Tensor:
        check_width(x, self.weight)
        return x @ self.weight.t()
