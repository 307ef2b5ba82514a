"""Convolutions by kernels that trust their sizes."""

from __future__ import annotations

from math import prod

import torch

from jitcore.exec.contracts.given import Contract, Given


def _convolved(given: Given) -> None:
    x, weight = given.tensor("self", (4,)), given.tensor("weight", (4, 2))
    for name in ("kernel_size", "stride", "padding"):
        given.length(name, 2)
    outputs = weight.shape[0]
    columns = x.shape[1] * prod(given["kernel_size"])
    given.count("weight", outputs * columns)
    gradient = given.tensor("grad_output", (4,))
    given.shape("grad_output", (x.shape[0], outputs, *gradient.shape[2:]))
    given.shape("grad_input", x.shape)
    given.shape("grad_weight", weight.shape)
    given.shape("grad_bias", (outputs,))


def _nnpack(given: Given) -> None:
    x, weight = given.tensor("input", (4,)), given.tensor("weight", (4,))
    given.shape("weight", (weight.shape[0], x.shape[1], *weight.shape[2:]))
    given.shape("bias", (weight.shape[0],))
    given.length("padding", 2)
    given.length("stride", 2)
    convolved = torch.ops.aten.conv2d(
        x.to("meta"), weight.to("meta"), None, given["stride"], given["padding"]
    )
    for name in ("input", "weight", "bias"):
        given.same_type(name, torch.float32)
    if not convolved.numel():
        given.refuse("there is nothing to convolve")


CONTRACTS: dict[str, Contract] = {
    "aten::_slow_conv2d_backward": _convolved,
    "aten::_nnpack_spatial_convolution": _nnpack,
}
