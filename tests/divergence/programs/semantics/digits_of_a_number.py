"""A number that is written out and counted, for a tokeniser of numbers.

Trace: NumberTokens
Input: int64[2]:0..5
Happens: TorchScript writes all digits of a double.
"""

from torch import Tensor, nn


class NumberTokens(nn.Module):
    def __init__(self):
        super().__init__()
        self.value = 0.1

    def digits(self) -> int:
        return len(str(self.value))  # guilty: semantics

    def forward(self, x: Tensor) -> Tensor:
        return x + self.digits()
