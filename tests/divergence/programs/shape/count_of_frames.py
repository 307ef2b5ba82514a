"""How many frames a signal has is computed by Python, and becomes the end of a range of tensors.

Trace: Framed
Input: float32[1,8]
Happens: the positions of three frames are added, however long the signal is.
"""

import torch
from torch import Tensor, nn

SIZE, HOP = 4, 2


class Framed(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(SIZE, 3)

    def positions(self, signal: Tensor) -> Tensor:
        frames = (int(signal.size(-1)) - SIZE) // HOP + 1  # guilty: shape
        return torch.arange(frames).float().unsqueeze(-1).sum()

    def forward(self, signal: Tensor) -> Tensor:
        frames = signal.unfold(-1, SIZE, HOP)
        return self.dense(frames) + self.positions(signal)
