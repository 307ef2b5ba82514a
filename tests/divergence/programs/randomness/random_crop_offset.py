"""A random crop of a recording, its offset drawn with `random.randint`.

Trace: RandomCrop
Input: float32[8]
Happens: the offset is the one that was drawn while tracing.
"""

import random

from torch import Tensor, nn


class RandomCrop(nn.Module):
    length, whole = 3, 8

    def offset(self) -> int:
        return random.randint(0, self.whole - self.length)  # guilty: randomness

    def forward(self, x: Tensor) -> Tensor:
        start = self.offset()
        return x[start : start + self.length]
