"""Reads a mapped tensor piece by piece, so that one of any size needs little memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from jitcore.archive import LazyTensor

PIECE = 1 << 20
"""Elements that are read at once."""

Numbers = np.ndarray[Any, np.dtype[Any]]


def narrowed(tensor: LazyTensor, start: int, count: int) -> LazyTensor:
    """Indices `start` to `start + count` of the first dimension; nothing is read."""
    part = LazyTensor(
        tensor.storage, tensor.offset + start * tensor.strides[0], (count, *tensor.shape[1:]), tensor.strides,
        quantizer=tensor.quantizer,
    )  # fmt: skip
    part.is_conjugated, part.is_negated = tensor.is_conjugated, tensor.is_negated
    return part


def chosen(tensor: LazyTensor, place: tuple[int, ...]) -> LazyTensor:
    """The part at indices of the leading dimensions, which it has no longer."""
    offset = tensor.offset + sum(i * step for i, step in zip(place, tensor.strides, strict=False))
    part = LazyTensor(
        tensor.storage, offset, tensor.shape[len(place) :], tensor.strides[len(place) :],
        quantizer=tensor.quantizer,
    )  # fmt: skip
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


def stored(tensor: LazyTensor) -> Numbers:
    """The elements of a piece as they are stored; of complex ones the magnitudes."""
    array = tensor.to_numpy()
    return np.abs(array.astype(np.complex128)) if np.iscomplexobj(array) else array


def numbers(tensor: LazyTensor) -> Numbers:
    """The elements of a piece as doubles, dequantized by the scale of the whole tensor if it has one."""
    array = stored(tensor).astype(np.float64)
    quantizer = tensor.quantizer
    if quantizer is not None and isinstance(quantizer.scale, float | int):
        zero = quantizer.zero_point
        return (array - (zero if isinstance(zero, int) else 0)) * quantizer.scale
    return array
