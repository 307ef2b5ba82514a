"""Noise that numpy draws, added to the input of a denoising network.

Trace: Noisy
Input: float32[2,3]
Happens: the noise of the trace is a constant.
"""

import numpy as np
import torch
from torch import Tensor, nn


def noise(rows: int, columns: int) -> Tensor:
    drawn = np.random.normal(size=(rows, columns))  # guilty: randomness
    return torch.from_numpy(drawn).float()


class Noisy(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x + 0.5 * noise(2, 3))
