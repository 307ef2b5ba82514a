"""Random erasing by a generator of Python that the augmentation owns.

Trace: Augmented
Input: float32[1,4,4]:1..2
Happens: the rectangle that was drawn while tracing is always the one that is erased.
"""

import random
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn


@dataclass
class Eraser:
    size: int = 2
    chance: random.Random = field(default_factory=lambda: random.Random(random.random()))

    def corner(self, limit: int) -> tuple[int, int]:
        row = self.chance.randint(0, limit - self.size)  # guilty: randomness or python-state
        column = self.chance.randint(0, limit - self.size)  # also right: randomness or python-state
        return row, column


class Augmented(nn.Module):
    def __init__(self):
        super().__init__()
        self.eraser = Eraser()
        self.dense = nn.Linear(4, 4)

    def forward(self, picture: Tensor) -> Tensor:
        row, column = self.eraser.corner(4)
        mask = torch.ones(4, 4)
        mask[row : row + 2, column : column + 2] = 0
        return self.dense(picture * mask)
