"""A tokeniser by code points.

Trace: Tokeniser
Input: int64[2]:0..5
Happens: TorchScript walks over bytes.
"""

import torch
from torch import Tensor, nn


def codes(text: str) -> list[int]:
    found: list[int] = []
    for letter in text:  # guilty: semantics
        found.append(ord(letter) % 50)  # also right: semantics
    return found


class Tokeniser(nn.Module):
    def __init__(self):
        super().__init__()
        self.prompt = "añb"

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([torch.tensor(codes(self.prompt)), x])
