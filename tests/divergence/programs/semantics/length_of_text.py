"""A feature that counts the letters of a label with an accent.

Trace: Labelled
Input: float32[8]
Happens: texts of TorchScript are bytes, and this one has one more of them.
"""

from torch import Tensor, nn


def width(label: str) -> int:
    return len(label)  # guilty: semantics


class Labelled(nn.Module):
    def __init__(self):
        super().__init__()
        self.label = "naïve"

    def forward(self, x: Tensor) -> Tensor:
        return x * width(self.label)
