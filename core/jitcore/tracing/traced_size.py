"""Shapes of tensors while a program is traced."""

from __future__ import annotations

import math
from typing import Any

import torch


class TracedSize(tuple[Any, ...]):
    """A `torch.Size` of tensors, which are part of the trace.

    torch makes such sizes only inside of its own tracer. This one passes for one (`isinstance`), and what is
    made of it has tensors too.
    """

    __slots__ = ()

    @property
    def __class__(self) -> Any:
        return torch.Size

    @__class__.setter
    def __class__(self, value: Any) -> None:
        raise TypeError("the class of a size cannot be changed")

    def numel(self) -> int:
        """The number of elements of a tensor of this size."""
        return math.prod(int(item) for item in self)

    def __getitem__(self, key: Any) -> Any:
        found = tuple.__getitem__(self, key)
        return TracedSize(found) if isinstance(key, slice) else found

    def __add__(self, other: Any) -> TracedSize:
        return TracedSize(tuple.__add__(self, tuple(other)))

    def __radd__(self, other: Any) -> TracedSize:
        return TracedSize(tuple.__add__(tuple(other), self))

    def __mul__(self, other: Any) -> TracedSize:
        return TracedSize(tuple.__mul__(self, other))

    __rmul__ = __mul__

    def __repr__(self) -> str:
        return f"torch.Size([{', '.join(str(int(item)) for item in self)}])"
