"""A vocabulary that maps token numbers to others in Python.

Trace: Remap
Input: int64[4]:0..5
Happens: the mapped tokens of the tracing inputs are a constant.
"""

import torch
from torch import Tensor, nn

OLD_TO_NEW = {number: (number * 7) % 10 for number in range(10)}


def remapped(tokens: Tensor) -> Tensor:
    numbers = [OLD_TO_NEW[token] for token in tokens.tolist()]  # guilty: constant
    return torch.tensor(numbers)


class Remap(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(10, 3)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.embed(remapped(tokens))
