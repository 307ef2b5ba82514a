"""A permutation that puts the last dimension first, whatever the rank.

Trace: channels_first
Input: float32[2,3]
Happens: the order of two dimensions is in the trace, three do not fit it.
"""

from torch import Tensor


def order(rank: int) -> list[int]:
    return [rank - 1, *range(rank - 1)]


def channels_first(x: Tensor) -> Tensor:
    axes = order(x.dim())  # guilty: shape
    return x.permute(axes) * 2
