"""A column is as wide as the text of a number, which TorchScript writes with other digits.

Trace: Labelled
Input: float32[3]
Happens: the text of 0.1 has more digits in TorchScript.
"""

from torch import Tensor, nn


class Label(nn.Module):
    def __init__(self, value: float):
        super().__init__()
        self.value = value

    def forward(self) -> int:
        text = str(self.value)  # guilty: semantics
        return len(text)  # also right: semantics


class Labelled(nn.Module):
    def __init__(self):
        super().__init__()
        self.label = Label(0.1)

    def forward(self, x: Tensor) -> Tensor:
        return x * self.label()
