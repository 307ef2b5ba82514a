"""The elements of a tensor without the repetitions that its strides make of them.

`x.expand(10**12, 8)` has more elements than any machine holds, and eight that differ.
"""

from __future__ import annotations

import math

import torch

MOST_OVERLAPPING = 1 << 31
"""Elements that are looked at where they lie over each other; a view of a few numbers can have far more."""


def distinct_elements(tensor: torch.Tensor) -> torch.Tensor | None:
    """A strided tensor with one element where dimensions of stride 0 repeat it; all stand for equally many.

    None where what is left has more elements than anyone can look at, because they lie over each other.
    """
    if tensor.is_nested:
        # It has no strides as a whole.
        return tensor
    found = tensor
    for dimension, (size, stride) in enumerate(zip(tensor.shape, tensor.stride(), strict=True)):
        if stride == 0 and size > 1:
            found = found.narrow(dimension, 0, 1)
    stored = found.untyped_storage().nbytes() // found.element_size()
    return None if found.numel() > max(MOST_OVERLAPPING, stored) else found


def first_elements(tensor: torch.Tensor, count: int) -> list[object]:
    """The first elements of a strided tensor in the order of reading, without a copy of the others."""
    return [tensor[_place(tensor.shape, at)].item() for at in range(min(count, math.prod(tensor.shape)))]


def _place(shape: torch.Size, at: int) -> tuple[int, ...]:
    place: list[int] = []
    for size in reversed(shape):
        at, index = divmod(at, size)
        place.append(index)
    return tuple(reversed(place))


def has_nan(tensor: torch.Tensor) -> bool:
    """Whether a strided tensor holds a NaN; False of elements that nobody can look at."""
    distinct = distinct_elements(tensor.detach())
    return distinct is not None and bool(torch.isnan(distinct).any())
