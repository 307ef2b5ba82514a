"""A range tracker whose property decides which of two formulas is used.

Trace: Ranged
Input: float32[4]:2..3
Happens: the formula of the traced range is kept.
"""

from dataclasses import dataclass

from torch import Tensor, nn


@dataclass
class Range:
    low: Tensor
    high: Tensor

    @property
    def is_positive(self) -> bool:
        if (low := self.low) >= 0:  # guilty: branch
            return bool(low == low)
        return False


class Ranged(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        spread = Range(x.min(), x.max())
        y = x / spread.high if spread.is_positive else x - spread.low  # also right: branch
        return y * 3
