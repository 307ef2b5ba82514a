"""A diffusion sampler that takes one step for each entry of its schedule.

Trace: Sampler
Input: float32[2,3]
Input: float32[4]:0.1..0.5
Happens: another schedule, with more entries, is followed for the first four only.
"""

import torch
from torch import Tensor, nn


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(3, 3)

    def forward(self, x: Tensor, level: Tensor) -> Tensor:
        return x - level * torch.tanh(self.net(x))


class Sampler(nn.Module):
    def __init__(self):
        super().__init__()
        self.denoiser = Denoiser()

    def levels(self, schedule: Tensor):
        for index, level in enumerate(schedule):  # guilty: loop-count
            yield index, level

    def forward(self, x: Tensor, schedule: Tensor) -> Tensor:
        for index, level in self.levels(schedule):
            x = self.denoiser(x, level * (index + 1))
        return x
