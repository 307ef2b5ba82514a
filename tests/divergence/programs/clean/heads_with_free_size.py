"""Heads are split and joined with the sizes of the input, and with minus one.

Trace: Heads
Input: float32[2,3,6]
Harmless: sizes that stay tensors are recorded.
"""

from torch import Tensor, nn


def split(x: Tensor, heads: int) -> Tensor:
    batch, length, width = x.shape
    return x.view(batch, length, heads, width // heads).transpose(1, 2)


def joined(x: Tensor) -> Tensor:
    batch, heads, length, width = x.size()
    return x.transpose(1, 2).reshape(batch, length, heads * width)


class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.projection = nn.Linear(6, 18)

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = (split(each, 2) for each in self.projection(x).chunk(3, dim=-1))
        weights = (query @ key.transpose(-1, -2)).softmax(-1)
        return joined(weights @ value)
