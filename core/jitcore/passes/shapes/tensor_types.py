"""Types of tensors with something more, or less, known of them.

As the methods of TensorType in aten/src/ATen/core/type.cpp of libtorch, under names that say what is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.types import TensorType

if TYPE_CHECKING:
    from collections.abc import Sequence


def with_device(kind: TensorType, device: str | None) -> TensorType:
    """The type on a device; None: on nobody knows which."""
    return TensorType(kind.dtype, kind.sizes, kind.strides, kind.requires_grad, device, kind.undefined)


def with_dtype(kind: TensorType, dtype: str | None) -> TensorType:
    """The type with a dtype; None: nobody knows which."""
    return TensorType(dtype, kind.sizes, kind.strides, kind.requires_grad, kind.device, kind.undefined)


def with_gradient(kind: TensorType, requires_grad: bool | None) -> TensorType:
    """The type with or without a gradient; None: nobody knows."""
    return TensorType(kind.dtype, kind.sizes, kind.strides, requires_grad, kind.device, kind.undefined)


def with_rank(kind: TensorType, rank: int | None) -> TensorType:
    """The type with so many dimensions, of unknown sizes; None: of an unknown number."""
    sizes = None if rank is None else (None,) * rank
    strides = () if rank == 0 else None
    return TensorType(kind.dtype, sizes, strides, kind.requires_grad, kind.device, kind.undefined)


def rank_alone(kind: TensorType) -> TensorType:
    """The type without sizes and strides, of which only their number stays."""
    return with_rank(kind, rank_of(kind))


def with_shape(kind: TensorType, sizes: Sequence[int], strides: Sequence[int]) -> TensorType:
    """The type with these sizes and strides; a size below zero is one that nobody knows."""
    known = tuple(size if size >= 0 else None for size in sizes)
    return TensorType(kind.dtype, known, tuple(strides), kind.requires_grad, kind.device, kind.undefined)


def in_order(kind: TensorType, sizes: Sequence[int]) -> TensorType:
    """The type with these sizes, its elements one after the other."""
    return with_shape(kind, sizes, strides_in_order(sizes))


def strides_in_order(sizes: Sequence[int]) -> tuple[int, ...]:
    """Strides of elements that lie one after the other; where there are none, others than a tensor has."""
    strides: list[int] = []
    step = 1
    for size in reversed(sizes):
        strides.append(step)
        step *= size
    return tuple(reversed(strides))


def rank_of(kind: TensorType) -> int | None:
    """The number of dimensions, None if it is not known."""
    return None if kind.sizes is None else len(kind.sizes)


def known_shape(kind: TensorType) -> tuple[list[int], list[int]] | None:
    """Sizes and strides of a type of which dtype, device and all of both are known; None otherwise."""
    if kind.dtype is None or kind.device is None or kind.sizes is None:
        return None
    sizes = [size for size in kind.sizes if size is not None]
    strides = [stride for stride in kind.strides or () if stride is not None]
    return (sizes, strides) if len(sizes) == len(strides) == len(kind.sizes) else None
