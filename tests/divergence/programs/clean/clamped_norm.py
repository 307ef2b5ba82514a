"""A unit vector whose norm is kept away from zero by an operator.

Trace: unit
Input: float32[3]
Harmless: `clamp` in place of an `if`.
"""

from torch import Tensor


def unit(x: Tensor) -> Tensor:
    return x / x.norm().clamp(min=1e-6)
