"""Attention that reshapes with the sizes of its input.

Trace: Attention
Input: float32[2,3,4]
Harmless: sizes that go from a tensor to an operator are recorded.
"""

from torch import Tensor, nn


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.heads = 2
        self.qkv, self.out = nn.Linear(4, 12), nn.Linear(4, 4)

    def split(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        return x.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = (self.split(part) for part in self.qkv(x).chunk(3, dim=-1))
        scores = query @ key.transpose(-2, -1) / 2**0.5
        mixed = scores.softmax(dim=-1) @ value
        return self.out(mixed.transpose(1, 2).reshape(x.shape))
