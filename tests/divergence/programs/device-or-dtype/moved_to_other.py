"""A tensor that is brought to where and what another one is, with `to(other)`.

Trace: blended
Input: float32[3]
Input: float32[3]
Happens: unlike `type_as`, `to` is recorded with the device and type that the other tensor had.
"""

from torch import Tensor


def like(x: Tensor, other: Tensor) -> Tensor:
    return x.to(other)  # guilty: device-or-dtype


def blended(x: Tensor, other: Tensor) -> Tensor:
    return like(x, other) * 0.5 + other
