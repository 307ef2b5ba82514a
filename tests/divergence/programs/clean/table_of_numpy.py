"""A sinusoidal table that numpy makes once, cut to the length of the input.

Trace: Embedded
Input: float32[2,3,4]
Harmless: the table does not depend on the input, and the cut is recorded.
"""

import numpy as np
import torch
from torch import Tensor, nn


def sinusoids(length: int, width: int) -> np.ndarray:
    angles = np.arange(length)[:, None] / 100 ** (np.arange(width)[None] / width)
    return np.where(np.arange(width) % 2 == 0, np.sin(angles), np.cos(angles)).astype(np.float32)


class Embedded(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("table", torch.from_numpy(sinusoids(16, 4)))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.table[: x.size(1)]
