"""Parts of tensors, and tensors that are joined."""

from __future__ import annotations

from typing import Any, Optional

from jitcore.ops.shape_functions.places import elements, wrapped
from jitcore.ops.shape_functions.pointwise import same
from jitcore.ops.shape_functions.views import unsqueeze


def select(given: list[int], dim: int, index: int) -> list[int]:
    """Sizes of `aten::select.int`: the dimension is gone."""
    rank = len(given)
    assert rank != 0
    dim = wrapped(dim, rank)
    size = given[dim]
    assert not (index < -size or index >= size)
    sizes: list[int] = []
    for place in range(rank):
        if place != dim:
            sizes.append(given[place])
    return sizes


def index_select(given: list[int], dim: int, index: list[int]) -> list[int]:
    """Sizes of `aten::index_select`."""
    dim = wrapped(dim, len(given))
    taken = elements(index)
    assert len(index) <= 1
    assert dim == 0 or dim < len(given)
    sizes: list[int] = []
    for place in range(len(given)):
        if dim == place:
            sizes.append(taken)
        else:
            sizes.append(given[place])
    return sizes


def embedding(
    weight: list[int], indices: list[int], padding_idx: Any, scale_grad_by_freq: Any, sparse: Any
) -> list[int]:
    """Sizes of `aten::embedding`: a row for each index."""
    assert len(weight) == 2
    if len(indices) == 1:
        return index_select(weight, 0, indices)
    sizes = same(indices)
    sizes.append(weight[1])
    return sizes


def slice_of(given: list[int], dim: int, start: Optional[int], end: Optional[int], step: int) -> list[int]:
    """Sizes of `aten::slice.Tensor`."""
    rank = len(given)
    assert rank != 0
    dim = wrapped(dim, rank)
    first = start if start is not None else 0
    last = end if end is not None else 9223372036854775807
    assert step > 0
    if first == 9223372036854775807:
        first = 0
    if first < 0:
        first += given[dim]
    if last < 0:
        last += given[dim]
    if first < 0:
        first = 0
    elif first > given[dim]:
        first = given[dim]
    if last < first:
        last = first
    elif last >= given[dim]:
        last = given[dim]
    length = last - first
    sizes = same(given)
    sizes[dim] = (length + step - 1) // step
    return sizes


def is_empty_vector(given: list[int]) -> bool:
    """Whether `aten::cat` passes over a tensor: one dimension, no elements."""
    return elements(given) == 0 and len(given) == 1


def dimension_of_joining(tensors: list[list[int]], dim: int) -> int:
    """The dimension that tensors are joined in, counted from the front."""
    found: Optional[int] = None
    for sizes in tensors:
        if not (len(sizes) == 1 and sizes[0] == 0):
            if found is None:
                found = wrapped(dim, len(sizes))
    if found is None:
        found = dim
    return found


def check_joined(first: list[int], second: list[int], dim: int) -> None:
    """Fail unless two tensors differ in nothing but the dimension that they are joined in."""
    rank = len(first)
    assert rank == len(second), "other numbers of dimensions"
    for place in range(0, rank):
        if place != dim:
            assert first[place] == second[place], "other sizes"


def cat(tensors: list[list[int]], dim: int) -> list[int]:
    """Sizes of `aten::cat`."""
    for sizes in tensors:
        assert len(sizes) > 0
    dim = dimension_of_joining(tensors, dim)
    assert len(tensors) > 0
    example: Optional[list[int]] = None
    for sizes in tensors:
        if not is_empty_vector(sizes):
            example = sizes
    if example is None:
        return [0]
    joined = 0
    for index in range(len(tensors)):
        sizes = tensors[index]
        if not is_empty_vector(sizes):
            check_joined(example, sizes, dim)
            joined = joined + sizes[dim]
    result = same(example)
    result[dim] = joined
    return result


def stack(tensors: list[list[int]], dim: int) -> list[int]:
    """Sizes of `aten::stack`."""
    unsqueezed: list[list[int]] = []
    for sizes in tensors:
        unsqueezed.append(unsqueeze(sizes, dim))
    return cat(unsqueezed, dim)
