"""A clamp behind an `if` that asks whether it is needed.

Trace: limited
Input: float32[3]:2..3
Harmless: clamping what is within the limits does nothing.
"""

from torch import Tensor


def needs_clamp(x: Tensor) -> bool:
    return bool((x.abs() > 1).any())


def limited(x: Tensor) -> Tensor:
    if needs_clamp(x):
        x = x.clamp(-1, 1)
    return x * 2
