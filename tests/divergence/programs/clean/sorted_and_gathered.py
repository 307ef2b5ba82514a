"""Values that are put into the order of their scores.

Trace: reordered
Input: float32[2,4]
Input: float32[2,4]
Harmless: sorting and gathering are operators.
"""

from torch import Tensor


def reordered(values: Tensor, scores: Tensor) -> Tensor:
    order = scores.argsort(dim=1, descending=True)
    return values.gather(1, order)
