"""What is remembered of the tensors that flowed through one place."""

from __future__ import annotations

from typing import NamedTuple, Self, TypeVar

import torch

from jitcore.types import TensorType

_T = TypeVar("_T")


class _Stride(NamedTuple):
    """The stride of a dimension, and whether the elements of the ones inside of it lie without gaps."""

    dimension: int
    is_dense: bool
    stride: int


class ObservedTensor:
    """What all tensors seen so far have in common, merged as aten/src/ATen/core/tensor_type.cpp merges types.

    Strides are kept from the innermost dimension outwards, so that tensors of other sizes that lie in
    memory in the same way keep their strides in common. A field is None where tensors differed.
    """

    __slots__ = ("_device", "_dtype", "_requires_grad", "_sizes", "_strides", "_undefined")

    def __init__(
        self,
        dtype: str | None,
        device: str | None,
        requires_grad: bool | None,
        sizes: tuple[int | None, ...] | None,
        strides: tuple[_Stride | None, ...] | None,
        undefined: bool | None = False,
    ) -> None:
        self._dtype = dtype
        self._device = device
        self._requires_grad = requires_grad
        self._sizes = sizes
        self._strides = strides
        self._undefined = undefined

    @classmethod
    def undefined(cls) -> Self:
        """A gradient that nobody computed."""
        return cls(None, None, None, None, None, True)

    @classmethod
    def of(cls, tensor: torch.Tensor) -> Self:
        """What is known of a tensor here and now: nothing requires a gradient where none is recorded."""
        grad = tensor.requires_grad and torch.is_grad_enabled()
        dtype = str(tensor.dtype).rpartition(".")[2]
        if tensor.layout is not torch.strided or tensor.is_nested:
            return cls(dtype, str(tensor.device), grad, None, None)
        sizes, strides = tuple(tensor.shape), tensor.stride()
        return cls(dtype, str(tensor.device), grad, sizes, _ordered(sizes, strides, tensor.is_contiguous()))

    def merged(self, other: ObservedTensor) -> ObservedTensor:
        """What both have in common."""
        return ObservedTensor(
            self._dtype if self._dtype == other._dtype else None,
            self._device if self._device == other._device else None,
            self._requires_grad if self._requires_grad == other._requires_grad else None,
            _common(self._sizes, other._sizes),
            _common(self._strides, other._strides),
            self._undefined if self._undefined == other._undefined else None,
        )

    def type(self) -> TensorType:
        """The type that says the same."""
        strides: tuple[int | None, ...] | None = None
        if self._strides is not None:
            known = {entry.dimension: entry.stride for entry in self._strides if entry is not None}
            strides = tuple(known.get(dimension) for dimension in range(len(self._strides)))
        return TensorType(
            self._dtype, self._sizes, strides, self._requires_grad, self._device, self._undefined
        )


def _common(a: tuple[_T | None, ...] | None, b: tuple[_T | None, ...] | None) -> tuple[_T | None, ...] | None:
    if a is None or b is None or len(a) != len(b):
        return None
    return tuple(x if x == y else None for x, y in zip(a, b, strict=True))


def _ordered(sizes: tuple[int, ...], strides: tuple[int, ...], is_contiguous: bool) -> tuple[_Stride, ...]:
    """The strides from the innermost dimension outwards (`TensorType::computeStrideProps`)."""
    order = _inside_out(sizes, strides)
    if is_contiguous:
        return tuple(_Stride(dimension, True, strides[dimension]) for dimension in order)
    overlaps = _may_overlap(sizes, strides)
    found: list[_Stride] = []
    for place, dimension in enumerate(order):
        stride = strides[dimension]
        is_dense = stride == 1
        if place > 0 and not is_dense:
            inner = order[place - 1]
            is_dense = stride != 0 and stride == strides[inner] * sizes[inner]
        found.append(_Stride(dimension, is_dense and not overlaps, stride))
    return tuple(found)


def _inside_out(sizes: tuple[int, ...], strides: tuple[int, ...]) -> list[int]:
    rank = len(sizes)
    if rank in (4, 5) and _is_channels_last(sizes, strides):
        return [1, *range(rank - 1, 1, -1), 0]
    order = list(range(rank - 1, -1, -1))
    if _is_row_major(sizes, strides):
        return order
    # An insertion sort in which dimensions that are broadcast compare with nothing and stay.
    for place in range(1, rank):
        moving = place
        for earlier in range(place - 1, -1, -1):
            comparison = _compared(sizes, strides, order[earlier], order[moving])
            if comparison > 0:
                order[earlier], order[moving] = order[moving], order[earlier]
                moving = earlier
            elif comparison < 0:
                break
    return order


def _compared(sizes: tuple[int, ...], strides: tuple[int, ...], a: int, b: int) -> int:
    if strides[a] == 0 or strides[b] == 0:
        return 0
    if strides[a] != strides[b]:
        return -1 if strides[a] < strides[b] else 1
    return 1 if sizes[a] > sizes[b] else 0


def _is_row_major(sizes: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    wanted = 1
    for size, stride in zip(reversed(sizes), reversed(strides), strict=True):
        if stride != wanted:
            return False
        wanted *= size
    return True


def _is_channels_last(sizes: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """Whether strides grow from the channels over the space to the batch (`is_channels_last_strides_2d`)."""
    smallest = 0
    if strides[1] == 0:
        return False
    for dimension in (1, *range(len(sizes) - 1, 1, -1), 0):
        if sizes[dimension] == 0 or strides[dimension] < smallest:
            return False
        if dimension == 0 and smallest == strides[1]:
            return False
        smallest = strides[dimension] * max(sizes[dimension], 1)
    return True


def _may_overlap(sizes: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """Whether a dimension reaches into the next outer one (`possible_cross_dimension_overlap`)."""
    rank = len(sizes)
    order = sorted(range(rank), key=lambda dimension: (strides[dimension], sizes[dimension]))
    return any(
        sizes[order[i]] != 1 and strides[order[i]] < sizes[order[i - 1]] * strides[order[i - 1]]
        for i in range(1, rank)
    )
