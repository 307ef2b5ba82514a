"""A hash of a feature's name that picks its column.

Trace: Hashed
Input: float32[4]
Happens: whole numbers of Python have no end, those of TorchScript have 64 bits.
"""

from torch import Tensor, nn


def hashed(name: str, size: int) -> int:
    value = 7
    for letter in name:
        value = value * 1000003 + ord(letter)  # guilty: semantics
    return value % size  # also right: semantics


class Hashed(nn.Module):
    def __init__(self):
        super().__init__()
        self.name = "temperature"

    def forward(self, x: Tensor) -> Tensor:
        return x * hashed(self.name, 1009)
