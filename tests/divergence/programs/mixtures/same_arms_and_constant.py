"""A limiter that needs no `if`, and a gain that is read as a number.

Trace: limited
Input: float32[4]:0..0.5
Happens: whether anything is clamped does not matter, since clamping does nothing otherwise; the gain does.
"""

from torch import Tensor


def clamp_if_needed(x: Tensor) -> Tensor:
    if x.max() > 1:
        x = x.clamp(max=1)
    return x


def gain(x: Tensor) -> float:
    return 1 / (1 + float(x.mean()))  # guilty: constant


def limited(x: Tensor) -> Tensor:
    return clamp_if_needed(x * 0.1) * gain(x)
