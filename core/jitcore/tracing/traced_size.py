"""Shapes of tensors while a program is traced."""

from __future__ import annotations

import math
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch

from jitcore.tracing import active

PLAIN_SIZE = torch.Size
"""torch's own class, also while `TracedSize` stands for it."""


class _SizeClass(type):
    """The class of `TracedSize`, for which every `torch.Size` is one."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, PLAIN_SIZE) or issubclass(type(instance), cls)


class TracedSize(tuple[Any, ...], metaclass=_SizeClass):
    """A `torch.Size` of tensors, which are part of the trace.

    torch makes such sizes only inside of its own tracer (`torch/csrc/Size.cpp`). This one stands for
    `torch.Size` while a program is traced, and what is made of it has tensors too. Raises TypeError for what
    a size cannot have.
    """

    __slots__ = ()

    def __new__(cls, *items: Any) -> TracedSize:
        """A size of the items of one iterable, none of nothing."""
        given: tuple[Any, ...] = tuple(*items)
        with _unrecorded():
            # What is not part of a trace torch itself makes numbers of, or refuses.
            numbers = PLAIN_SIZE([0 if _is_traced(item) else item for item in given])
        kept = (item if _is_traced(item) else number for item, number in zip(given, numbers, strict=True))
        return tuple.__new__(cls, kept)

    @classmethod
    def of(cls, numbers: Iterable[Any]) -> TracedSize:
        """A size of what a size can have."""
        return tuple.__new__(cls, numbers)

    def numel(self) -> int:
        """The number of elements of a tensor of this size."""
        return math.prod(self._numbers())

    def _numbers(self) -> list[int]:
        with _unrecorded():
            return [int(item) for item in self]

    def __getitem__(self, key: Any) -> Any:
        found = tuple.__getitem__(self, key)
        return TracedSize.of(found) if isinstance(key, slice) else found

    def __add__(self, other: Any) -> TracedSize:
        if not isinstance(other, tuple):
            raise TypeError(f"can only concatenate tuple (not {type(other).__name__}) to torch.Size")
        return TracedSize(tuple.__add__(self, other))

    def __radd__(self, other: Any) -> TracedSize:
        if not isinstance(other, tuple):
            return NotImplemented
        return TracedSize(tuple.__add__(other, self))

    def __mul__(self, other: Any) -> TracedSize:
        return TracedSize.of(tuple.__mul__(self, other))

    __rmul__ = __mul__

    def __repr__(self) -> str:
        # A size shows numbers, and nothing of showing them is part of the program.
        return f"torch.Size([{', '.join(map(str, self._numbers()))}])"

    def __reduce__(self) -> tuple[Any, ...]:
        return torch.Size, (tuple(self),)


# A program that asks for the name of the class is told torch's.
TracedSize.__name__ = TracedSize.__qualname__ = "Size"
TracedSize.__module__ = "torch"


def _is_traced(item: Any) -> bool:
    return isinstance(item, torch.Tensor) and item.dim() == 0


def _unrecorded() -> AbstractContextManager[None]:
    """Context in which nothing becomes part of the trace, if there is one."""
    state = active.state()
    return nullcontext() if state is None else state.paused()
