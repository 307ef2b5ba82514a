"""Positions that skip padding, counted by a cumulative sum.

Trace: Embedding
Input: int64[2,5]:0..6
Harmless: all of it is operators.
"""

from torch import Tensor, nn


def positions(tokens: Tensor, padding: int = 1) -> Tensor:
    mask = tokens.ne(padding).int()
    return (mask.cumsum(dim=1).type_as(mask) * mask).long() + padding


class Embedding(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.places = nn.Embedding(6, 3), nn.Embedding(12, 3)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.words(tokens) + self.places(positions(tokens))
