"""The first half of a sequence, its end found by dividing a size.

Trace: first_half
Input: float32[2,4]
Harmless: whole-number arithmetic on sizes is recorded.
"""

from torch import Tensor


def first_half(x: Tensor) -> Tensor:
    middle = x.size(1) // 2
    return x[:, :middle].cumsum(dim=1) / x.size(0)
