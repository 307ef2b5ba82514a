"""A whitening in double precision whose rounding error is measured and scaled up.

Trace: residual
Input: float64[2,3]
Happens: the root of a size is a single in the trace, and what is left of it is magnified.
"""

from torch import Tensor


class Root:
    def of(self, size: int) -> float:
        return size**0.5  # guilty: numeric


def residual(x: Tensor) -> Tensor:
    scaled = x / Root().of(x.shape[-1])
    energy = scaled.pow(2).sum(dim=-1) - x.pow(2).mean(dim=-1)
    return energy * 1e5
