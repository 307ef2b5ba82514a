"""A filter that replaces the first sample of the array that it was given.

Trace: remove_click
Input: float32[5]:0..1
Happens: the caller's tensor is changed by eager only.
"""

from torch import Tensor


def replace_first(samples) -> None:
    samples[0] = samples[1]  # guilty: aliasing


def remove_click(x: Tensor) -> Tensor:
    replace_first(x.numpy())  # also right: aliasing
    return x * 0.5
