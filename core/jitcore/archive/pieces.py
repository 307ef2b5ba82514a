"""Parts of a mapped tensor in row-major order, so that one of any size is read with little memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.archive.tensors import LazyTensor

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 1 << 20
"""Elements that are read at once."""


def narrowed(tensor: LazyTensor, start: int, count: int) -> LazyTensor:
    """Indices `start` to `start + count` of the first dimension; nothing is read."""
    offset = tensor.offset + start * tensor.strides[0]
    return reshaped(tensor, offset, (count, *tensor.shape[1:]), tensor.strides)


def chosen(tensor: LazyTensor, place: tuple[int, ...]) -> LazyTensor:
    """The part at indices of the leading dimensions, which it has no longer."""
    offset = tensor.offset + sum(i * step for i, step in zip(place, tensor.strides, strict=False))
    return reshaped(tensor, offset, tensor.shape[len(place) :], tensor.strides[len(place) :])


def reshaped(tensor: LazyTensor, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> LazyTensor:
    """Another view of the same storage, its elements meaning the same."""
    part = LazyTensor(tensor.storage, offset, shape, strides, quantizer=tensor.quantizer)
    part.is_conjugated, part.is_negated = tensor.is_conjugated, tensor.is_negated
    return part


def pieces(tensor: LazyTensor) -> Iterator[LazyTensor]:
    """Parts of at most `PIECE` elements, in row-major order."""
    if tensor.numel <= PIECE or not tensor.shape:
        yield tensor
        return
    inner = tensor.numel // tensor.shape[0]
    if inner > PIECE:
        for at in range(tensor.shape[0]):
            yield from pieces(chosen(tensor, (at,)))
        return
    count = max(1, PIECE // max(1, inner))
    for start in range(0, tensor.shape[0], count):
        yield narrowed(tensor, start, min(count, tensor.shape[0] - start))
