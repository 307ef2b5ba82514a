"""An early return for empty batches, for which the rest would give the same.

Trace: activated
Input: float32[2,3]
Harmless: an activation of nothing is nothing.
"""

from torch import Tensor


def activated(x: Tensor) -> Tensor:
    if x.numel() == 0:
        return x
    return x.relu()
