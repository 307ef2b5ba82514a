"""A critic that clips its weights within `forward`, through `.data`.

Trace: Critic
Input: float32[2,3]
Happens: the trace does not see what is done to `.data`, and uses the weights as they were.
"""

import torch
from torch import Tensor, nn


class ClippedLinear(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.linspace(-2, 2, 6).reshape(2, 3))

    def clip(self) -> None:
        self.weight.data.clamp_(-0.5, 0.5)  # guilty: aliasing

    def forward(self, x: Tensor) -> Tensor:
        self.clip()
        return x @ self.weight.t()


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = ClippedLinear()

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x).tanh()
