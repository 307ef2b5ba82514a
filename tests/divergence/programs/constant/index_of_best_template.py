"""The template that fits best is looked up in a `ModuleList` by a number.

Trace: Templates
Input: float32[4]:2..3
Happens: the template of the traced input is the only one in the trace.
"""

import torch
from torch import Tensor, nn


class Templates(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("signs", torch.tensor([[1.0], [-1.0]]).expand(2, 4).clone())
        self.layers = nn.ModuleList([nn.Linear(4, 2), nn.Linear(4, 2)])

    def best(self, x: Tensor) -> int:
        scores = self.signs @ x
        return int(scores.argmax())  # guilty: constant or branch

    def forward(self, x: Tensor) -> Tensor:
        return self.layers[self.best(x)](x)  # also right: constant
