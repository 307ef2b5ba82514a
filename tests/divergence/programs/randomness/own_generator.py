"""Reproducible noise from a generator with a seed of its own.

Trace: Reproducible
Input: float32[3]
Happens: the trace forgets the generator and draws from the global one.
"""

import torch
from torch import Tensor, nn


class Noise:
    def __init__(self, seed: int):
        self.seed = seed

    def draw(self) -> Tensor:
        generator = torch.Generator().manual_seed(self.seed)  # also right: randomness
        return torch.randn(3, generator=generator)  # guilty: randomness


class Reproducible(nn.Module):
    def __init__(self):
        super().__init__()
        self.noise = Noise(7)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.noise.draw()
