"""Tokens of a picture that are laid out as a square, whose side is the root of how many there are.

Trace: Unpatch
Input: float32[1,4,2]
Happens: the side was computed by Python and is two for all pictures.
"""

import math

from torch import Tensor, nn


def side_of(tokens: Tensor) -> int:
    return int(math.sqrt(tokens.shape[1]))  # guilty: shape


class Unpatch(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(2, 3)

    def forward(self, tokens: Tensor) -> Tensor:
        batch = tokens.shape[0]
        side = side_of(tokens)
        made = self.dense(tokens).transpose(1, 2)
        return made.reshape(batch, 3, side, -1).mean(dim=-1)
