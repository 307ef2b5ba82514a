"""Computes the products of matrices that `batch-mm` put together, as torch does.

torch/csrc/jit/passes/batch_mm.cpp decides by the shapes whether one large product is faster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch

from jitcore.exec.plan_builder import PlanBuilder, handles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir import Node

_LARGEST_SIDE: Final = 1024 * 2048


@handles("prim::MMTreeReduce")
def sum_of_products(builder: PlanBuilder, node: Node) -> None:
    """Sums up products: the first half of the inputs are left factors, the second half right ones."""

    def reduce(*factors: torch.Tensor) -> torch.Tensor:
        half = len(factors) // 2
        left, right = factors[:half], factors[half:]
        if _same_shapes(left) and _same_shapes(right) and _is_fast_at_once(left[0], right[0]):
            return torch.mm(_beside_each_other(left), _below_each_other(right))
        total = torch.mm(left[0], right[0])
        for one, other in zip(left[1:], right[1:], strict=True):
            total.add_(torch.mm(one, other))
        return total

    builder.call(node, reduce)


@handles("prim::MMBatchSide")
def products_with_a_factor(builder: PlanBuilder, node: Node) -> None:
    """Multiplies the first input by each of the others: from the left (side 0), or from the right."""
    is_left = node.attributes.get("side") == 0

    def multiply(common: torch.Tensor, *others: torch.Tensor) -> tuple[torch.Tensor, ...]:
        if not _same_shapes(others) or others[0].numel() > _LARGEST_SIDE:
            return tuple(common.mm(other) if is_left else other.mm(common) for other in others)
        side = 1 if is_left else 0
        joined = torch.cat(others, side)
        product = common.mm(joined) if is_left else joined.mm(common)
        return torch.chunk(product, len(others), side)

    builder.call(node, multiply)


def _same_shapes(tensors: Sequence[torch.Tensor]) -> bool:
    return all(tensor.shape == tensors[0].shape for tensor in tensors)


def _is_fast_at_once(left: torch.Tensor, right: torch.Tensor) -> bool:
    rows, inner, columns = left.shape[0], left.shape[1], right.shape[1]
    return inner < 512 or (rows < 256 and columns < 256) or (rows > 256 and columns > 256)


def _are_transposed(tensors: Sequence[torch.Tensor]) -> bool:
    return all(tensor.stride(0) == 1 and tensor.stride(1) == tensor.shape[0] for tensor in tensors)


def _beside_each_other(tensors: Sequence[torch.Tensor]) -> torch.Tensor:
    if _are_transposed(tensors):
        return torch.cat([tensor.t() for tensor in tensors], 0).t()
    return torch.cat(list(tensors), 1)


def _below_each_other(tensors: Sequence[torch.Tensor]) -> torch.Tensor:
    if _are_transposed(tensors):
        return torch.cat([tensor.t() for tensor in tensors], 1).t()
    return torch.cat(list(tensors), 0)
