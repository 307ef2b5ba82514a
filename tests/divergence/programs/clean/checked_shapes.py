"""Shapes and types are asserted, with messages, as careful code does.

Trace: distance
Input: float32[2,3,2]
Input: float32[2,3,2]
Harmless: what does not fit is refused by the operators too.
"""

from torch import Tensor


def distance(x: Tensor, y: Tensor) -> Tensor:
    assert x.dim() == 3, f"three dimensions are wanted, not {x.dim()}"
    assert x.shape == y.shape, f"{x.shape} and {y.shape}"
    assert x.dtype == y.dtype
    if x.shape[-1] != y.shape[-1]:
        raise ValueError("the widths differ")
    return (x - y).pow(2).sum(-1).sqrt()
