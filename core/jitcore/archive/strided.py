"""Elements of a strided tensor in logical order, gathered without numpy."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Formats of memoryview items by their size in bytes.
_FORMATS: Final[dict[int, Literal["B", "H", "I", "Q"]]] = {1: "B", 2: "H", 4: "I", 8: "Q"}


def is_contiguous(shape: Sequence[int], strides: Sequence[int]) -> bool:
    """Whether the elements lie one after the other; strides of dimensions of length 1 do not matter."""
    expected = 1
    for length, stride in zip(reversed(shape), reversed(strides), strict=True):
        if length == 0:
            return True
        if length != 1 and stride != expected:
            return False
        expected *= length
    return True


def extent(shape: Sequence[int], strides: Sequence[int]) -> int:
    """Number of storage elements from the first to the last that the tensor touches; 0 if it is empty."""
    last = 0
    for length, stride in zip(shape, strides, strict=True):
        if length == 0:
            return 0
        last += (length - 1) * stride
    return last + 1


def gather(
    data: memoryview, itemsize: int, offset: int, shape: Sequence[int], strides: Sequence[int]
) -> Iterator[bytes | memoryview]:
    """Pieces of bytes that joined are the elements in row-major order; offset and strides in elements."""
    shape, strides = list(shape), list(strides)
    if itemsize not in _FORMATS:  # complex128: an element is two items of 8 bytes side by side
        offset *= 2
        shape, strides, itemsize = [*shape, 2], [stride * 2 for stride in strides] + [1], 8
    if 0 in shape:
        return
    inner = _contiguous_tail(shape, strides)
    run = 1
    for length in shape[len(shape) - inner :]:
        run *= length
    outer = list(zip(shape, strides, strict=True))[: len(shape) - inner]
    items = data.cast(_FORMATS[itemsize])
    if run > 1 or not outer:
        for place in _places(offset, outer):
            yield items[place : place + run]
        return
    length, stride = outer.pop()
    for place in _places(offset, outer):
        if stride:
            yield items[place : place + (length - 1) * stride + 1 : stride].tobytes()
        else:
            yield items[place : place + 1].tobytes() * length


def _contiguous_tail(shape: Sequence[int], strides: Sequence[int]) -> int:
    """How many of the last dimensions lie one after the other."""
    tail = 0
    expected = 1
    for length, stride in zip(reversed(shape), reversed(strides), strict=True):
        if length != 1 and stride != expected:
            break
        expected *= length
        tail += 1
    return tail


def _places(offset: int, dimensions: Sequence[tuple[int, int]]) -> Iterator[int]:
    steps = [range(0, length * stride, stride) if stride else (0,) * length for length, stride in dimensions]
    for indices in product(*steps):
        yield offset + sum(indices)
