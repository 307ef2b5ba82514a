"""How the elements of a tensor lie, in words that hold for other sizes too.

As StrideInput of libtorch (torch/csrc/jit/passes/symbolic_shape_runtime_fusion.h).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

IN_ORDER: Final = "TENSOR_CONT"
CHANNELS_LAST: Final = "TENSOR_CONT_CHANNELS_LAST"
_ONE: Final = "S_ONE"
_OVER_NEXT: Final = "S_CONT"
_OVER_LAST: Final = "S_TRAN_CONT"
_ANY: Final = "S_AS_ARG"


def striding(sizes: Sequence[int], strides: Sequence[int]) -> list[str]:
    """One word for the whole tensor where it lies in one of two usual orders, else one for each dimension."""
    if is_in_order(sizes, strides):
        return [IN_ORDER]
    if has_channels_last(sizes, strides):
        return [CHANNELS_LAST]
    return striding_by_dimension(sizes, strides)


def striding_of_result(sizes: Sequence[int], strides: Sequence[int]) -> str:
    """The order in which a result is to lie: channels last, or else row by row."""
    return CHANNELS_LAST if has_channels_last(sizes, strides) else IN_ORDER


def striding_by_dimension(sizes: Sequence[int], strides: Sequence[int]) -> list[str]:
    """What the stride of each dimension follows from: the next one, the last one, or nothing."""
    found: list[str] = []
    for place, stride in enumerate(strides):
        if stride == 1:
            found.append(_ONE)
        elif place + 1 < len(sizes) and stride == strides[place + 1] * sizes[place + 1]:
            found.append(_OVER_NEXT)
        elif place and stride == strides[place - 1] * sizes[place - 1] and found[-1] != _OVER_NEXT:
            found.append(_OVER_LAST)
        else:
            found.append(_ANY)
    return found


def is_in_order(sizes: Sequence[int], strides: Sequence[int]) -> bool:
    """Whether each stride is that of a tensor row by row, of single elements too.

    As is_contiguous_strides (aten/src/ATen/core/jit_type.h).
    """
    wanted = 1
    for size, stride in zip(reversed(sizes), reversed(strides), strict=True):
        if stride != wanted:
            return False
        wanted *= size
    return True


def has_channels_last(sizes: Sequence[int], strides: Sequence[int]) -> bool:
    """Whether strides of an image grow from the channels over the space to the batch.

    As is_channels_last_strides_2d (c10/core/MemoryFormat.h).
    """
    if len(sizes) != 4 or strides[1] == 0:
        return False
    smallest = 0
    for place in (1, 3, 2, 0):
        if sizes[place] == 0 or strides[place] < smallest:
            return False
        if place == 0 and smallest == strides[1]:
            return False
        smallest = strides[place] * max(sizes[place], 1)
    return True
