"""Gradients of pooling: they go where indices say, so the indices lie within a plane of the input."""

from __future__ import annotations

from math import prod

import torch

from jitcore.exec.contracts.given import Contract, Given, on_meta


def _indexed(planes: int) -> Contract:
    """The gradient goes back by `indices` into planes, the last `planes` dimensions of `self`."""

    def contract(given: Given) -> None:
        x = given.tensor("self", (planes + 1, planes + 2))
        gradient = given.tensor("grad_output", (x.dim(),))
        given.shape("grad_output", (*x.shape[:-planes], *gradient.shape[-planes:]))
        given.shape("indices", gradient.shape)
        if given.has("output_size"):
            given.shape("grad_output", (*x.shape[:-planes], *given["output_size"]))
        given.values_between("indices", 0, prod(x.shape[-planes:]) - 1)

    return contract


def _adaptive_average(planes: int) -> Contract:
    def contract(given: Given) -> None:
        x = given.tensor("self", (planes + 1, planes + 2))
        gradient = given.tensor("grad_output", (x.dim(),))
        given.shape("grad_output", (*x.shape[:-planes], *gradient.shape[-planes:]))
        if gradient.numel() and not x.numel():
            given.refuse("self has no elements, and grad_output has some")

    return contract


def _average_3d(given: Given) -> None:
    x = given.tensor("self", (4, 5))
    words = ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override")
    pooled = torch.ops.aten.avg_pool3d(on_meta(x), *(given[word] for word in words))
    given.shape("grad_output", pooled.shape)


CONTRACTS: dict[str, Contract] = {
    "aten::max_pool2d_with_indices_backward": _indexed(2),
    "aten::max_pool3d_with_indices_backward": _indexed(3),
    "aten::adaptive_max_pool2d_backward": _indexed(2),
    "aten::adaptive_max_pool3d_backward": _indexed(3),
    "aten::fractional_max_pool2d_backward": _indexed(2),
    "aten::fractional_max_pool3d_backward": _indexed(3),
    "aten::_adaptive_avg_pool2d_backward": _adaptive_average(2),
    "aten::_adaptive_avg_pool3d_backward": _adaptive_average(3),
    "aten::adaptive_avg_pool3d_backward": _adaptive_average(3),
    "aten::avg_pool3d_backward": _average_3d,
}
