"""Operators that take dimensions together, and norms, losses and ranges."""

from __future__ import annotations

import math
from typing import Any, Optional

from jitcore.ops.shape_functions.places import wrapped
from jitcore.ops.shape_functions.pointwise import same

number = float


def reduce(given: list[int], dims: Optional[list[int]], keeps: bool, dtype: Any) -> list[int]:
    """Sizes of `aten::sum.dim_IntList` and its like; no dimensions stand for all."""
    sizes: list[int] = []
    if dims is None or len(dims) == 0:
        reduced: list[int] = list(range(len(given)))
    else:
        reduced = dims
    for place in range(len(given)):
        is_reduced: bool = False
        for dim in reduced:
            if place == wrapped(dim, len(given)):
                is_reduced = True
        if is_reduced:
            if keeps:
                sizes.append(1)
        else:
            sizes.append(given[place])
    return sizes


def largest(given: list[int], dim: int, keeps: bool) -> tuple[list[int], list[int]]:
    """Sizes of `aten::max.dim`: values and their places."""
    sizes = reduce(given, [dim], keeps, None)
    return sizes, sizes


def place_of_largest(given: list[int], dim: Optional[int], keeps: bool) -> list[int]:
    """Sizes of `aten::argmax`."""
    if dim is None:
        return []
    reduced = wrapped(dim, len(given))
    sizes: list[int] = []
    for place, size in enumerate(given):
        if place == reduced:
            if keeps:
                sizes.append(1)
        else:
            sizes.append(size)
    return sizes


def topk(given: list[int], k: int, dim: int) -> tuple[list[int], list[int]]:
    """Sizes of `aten::topk`: values and their places."""
    if len(given) == 0:
        sizes: list[int] = []
    else:
        assert k <= given[dim], "{} elements of dimension {}, which has {}".format(k, dim, given[dim])
        sizes = same(given)
        sizes[dim] = k
    return sizes, sizes


def rank_as_size(given: list[int]) -> list[int]:
    """Sizes of `aten::_shape_as_tensor`: as many elements as there are dimensions."""
    return [len(given)]


def losses(
    given: list[int], target: list[int], weight: Optional[list[int]], reduction: int
) -> tuple[list[int], list[int]]:
    """Sizes of `aten::nll_loss_forward`: losses, and the sum of the weights."""
    rank = len(given)
    target_rank = len(target)
    assert 0 < rank and rank <= 2
    assert target_rank <= 1
    is_single = rank == 1 and target_rank == 0
    assert is_single or (given[0] == target[0])
    classes = given[-1]
    assert weight is None or (len(weight) == 1 and weight[0] == classes)
    sizes: list[int] = []
    if reduction == 0 and rank == 2:
        sizes = [given[0]]
    total: list[int] = []
    return sizes, total


def cross_entropy(
    given: list[int],
    target: list[int],
    weight: Optional[list[int]],
    reduction: int,
    ignored: Any,
    smoothing: Any,
) -> list[int]:
    """Sizes of `aten::cross_entropy_loss`."""
    return losses(given, target, weight, reduction)[0]


def layer_norm(given: list[int], normalized: list[int]) -> tuple[list[int], list[int], list[int]]:
    """Sizes of `aten::native_layer_norm`: the result, means and deviations."""
    reduced: list[int] = []
    kept = len(given) - len(normalized)
    assert kept >= 0
    for place in range(kept):
        reduced.append(given[place])
    for _place in range(kept, len(given)):
        reduced.append(1)
    return same(given), reduced, reduced


def batch_norm(
    given: list[int],
    weight: Optional[list[int]],
    bias: Optional[list[int]],
    mean: Optional[list[int]],
    variance: Optional[list[int]],
    training: Any,
    momentum: Any,
    eps: Any,
    cudnn: Any,
) -> list[int]:
    """Sizes of `aten::batch_norm`."""
    return same(given)


def batch_norm_with_statistics(
    given: list[int],
    weight: Optional[list[int]],
    bias: Optional[list[int]],
    mean: Optional[list[int]],
    variance: Optional[list[int]],
    training: bool,
) -> tuple[list[int], list[int], list[int]]:
    """Sizes of `aten::native_batch_norm`: the result, means and deviations, none unless it trains."""
    if training:
        statistics = [given[1]]
    else:
        statistics = [0]
    return same(given), statistics, statistics


def batch_norm_with_update(
    given: list[int],
    weight: Optional[list[int]],
    bias: Optional[list[int]],
    mean: Optional[list[int]],
    variance: Optional[list[int]],
) -> tuple[list[int], list[int], list[int], list[int]]:
    """Sizes of `aten::_batch_norm_with_update`: the result, means, deviations and memory that is reserved."""
    statistics = [given[1]]
    return same(given), statistics, statistics, [0]


def range_to(end: number, dtype: Any, layout: Any, device: Any, pinned: Any) -> list[int]:
    """Sizes of `aten::arange`."""
    assert end >= 0
    return [int(math.ceil(end))]


def range_between(start: number, end: number, dtype: Any, layout: Any, device: Any, pinned: Any) -> list[int]:
    """Sizes of `aten::arange.start`."""
    assert end >= 0
    assert end >= start
    return [int(math.ceil(end - start))]


def range_in_steps(
    start: number, end: number, step: number, dtype: Any, layout: Any, device: Any, pinned: Any
) -> list[int]:
    """Sizes of `aten::arange.start_step`."""
    assert step != 0
    if step < 0:
        assert start >= end
    else:
        assert end >= start
    return [int(math.ceil((end - start) / step))]
