"""Shapes of tensors while a program is traced."""

from __future__ import annotations

import math
from contextlib import nullcontext
from typing import Any

import torch

from jitcore.tracing import active

_SIZE = torch.Size


class _SizeClass(type):
    """The class of `TracedSize`, for which every `torch.Size` is one."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, _SIZE) or issubclass(type(instance), cls)


class TracedSize(tuple[Any, ...], metaclass=_SizeClass):
    """A `torch.Size` of tensors, which are part of the trace.

    torch makes such sizes only inside of its own tracer. This one stands for `torch.Size` while a program is
    traced, and what is made of it has tensors too.
    """

    __slots__ = ()

    def numel(self) -> int:
        """The number of elements of a tensor of this size."""
        state = active.state()
        with nullcontext() if state is None else state.paused():
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
        return f"torch.Size([{', '.join(map(repr, self))}])"
