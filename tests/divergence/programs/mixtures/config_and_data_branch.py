"""A head with a configured activation and a normalisation that depends on the data.

Trace: Head
Input: float32[2,3]:1..2
Happens: the configured choice never changes; the other was made by the tracing inputs.
"""

import torch
from torch import Tensor, nn


class Head(nn.Module):
    def __init__(self, activation: str = "tanh", normalise: bool = True):
        super().__init__()
        self.activation, self.normalise = activation, normalise
        self.dense = nn.Linear(3, 3)

    def activated(self, x: Tensor) -> Tensor:
        if self.activation == "tanh":
            return torch.tanh(x)
        return torch.relu(x)

    def normalised(self, x: Tensor) -> Tensor:
        if self.normalise and (x.sum(dim=1) > 0).all():  # guilty: branch
            x = x / x.sum(dim=1, keepdim=True)
        return x

    def forward(self, x: Tensor) -> Tensor:
        return self.activated(self.dense(self.normalised(x)))
