"""An augmentation that flips by a draw of Python's `random`.

Trace: Augment
Input: float32[2,3]
Happens: whether the trace flips was drawn once.
"""

import random

from torch import Tensor, nn


class RandomFlip:
    def __init__(self, probability: float):
        self.probability = probability

    def __call__(self, x: Tensor) -> Tensor:
        if random.random() < self.probability:  # guilty: randomness or branch
            return x.flip(-1)
        return x


class Augment(nn.Module):
    def __init__(self):
        super().__init__()
        self.flip = RandomFlip(0.5)

    def forward(self, x: Tensor) -> Tensor:
        return self.flip(x) * 2
