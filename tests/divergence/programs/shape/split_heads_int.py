"""Attention that splits its heads with sizes made Python numbers by `int`.

Trace: SelfAttention
Input: float32[1,3,4]
Happens: the length of the tracing sequence is a constant of the reshape.
"""

from torch import Tensor, nn


class Heads:
    def __init__(self, count: int):
        self.count = count

    def split(self, x: Tensor) -> Tensor:
        length = int(x.size(1))  # guilty: shape
        return x.reshape(-1, length, self.count, 2).transpose(1, 2)

    def join(self, x: Tensor) -> Tensor:
        return x.transpose(1, 2).flatten(2)


class SelfAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.heads = Heads(2)
        self.project = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        split = self.heads.split(self.project(x))
        mixed = (split @ split.transpose(2, 3)).softmax(dim=-1) @ split
        return self.heads.join(mixed)
