"""A start that is drawn by torch and read as a number, to cut a sequence.

Trace: Cropped
Input: int64[1,6]:1..6
Happens: the start of the trace is kept.
"""

import torch
from torch import Tensor, nn


class Cropped(nn.Module):
    length = 2

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(7, 3)

    def start(self, x: Tensor) -> int:
        last = 6 - self.length
        return torch.randint(0, last + 1, (1,)).item()  # guilty: randomness or constant

    def forward(self, x: Tensor) -> Tensor:
        first = self.start(x)
        return self.embedding(x[:, first : first + self.length]).sum(1)
