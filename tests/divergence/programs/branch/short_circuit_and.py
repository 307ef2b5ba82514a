"""Two conditions joined with `and`, of which the second is read only where the first holds.

Trace: blend
Input: float32[4]:2..3
Input: float32[4]:2..3
Happens: what `and` decided is kept, whatever the second tensor is later.
"""

from torch import Tensor


def both_strong(a: Tensor, b: Tensor) -> bool:
    return a.mean() > 1 and b.mean() > 1  # guilty: branch


def blend(a: Tensor, b: Tensor) -> Tensor:
    weight = 0.5
    if both_strong(a, b):  # also right: branch
        weight = 0.9
    return a * weight + b * (1 - weight)
