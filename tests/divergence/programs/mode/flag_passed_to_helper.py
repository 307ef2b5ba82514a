"""Soft targets in training, hard ones in inference, in a helper that is given the module.

Trace: model
Input: float32[5]
Happens: the trace keeps the hard ones.
"""

import torch
from torch import Tensor, nn


def targets(owner: nn.Module, x: Tensor) -> Tensor:
    soft = x.softmax(dim=0)
    return soft if owner.training else (soft == soft.max()).float()  # guilty: mode


class Selector(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.arange(5.0))

    def forward(self, x: Tensor) -> Tensor:
        return targets(self, x) * self.weight


model = Selector().eval()
