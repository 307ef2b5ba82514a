"""A sum whose order depends on whether there is anything to add.

Trace: added
Input: float32[3]
Input: float32[3]
Harmless: a sum is the same in either order.
"""

from torch import Tensor


def added(x: Tensor, residual: Tensor) -> Tensor:
    if residual.abs().sum() == 0:
        return residual + x
    return x + residual
