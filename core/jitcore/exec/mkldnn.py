"""Operators that graphs have once they are optimized for inference, on tensors laid out for oneDNN.

What they compute is in torch/csrc/jit/passes/frozen_ops_to_mkldnn.cpp. An input whose memory a result may
take is nobody else's, so results of operators that write are new tensors here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch
from torch.nn import functional

from jitcore.exec.errors import MissingOperatorError
from jitcore.exec.plan_builder import handles
from jitcore.ir import MkldnnTensor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.exec.plan_builder import PlanBuilder
    from jitcore.ir import Node


@handles("prim::ConstantMKLDNNTensor")
def laid_out_constant(builder: PlanBuilder, node: Node) -> None:
    """A constant tensor, laid out once for all runs."""
    held = node.attributes.get("value")
    if not isinstance(held, MkldnnTensor):
        raise MissingOperatorError("its tensor was not saved", node.kind)
    dense = builder.program.runnable(held.dense)
    assert isinstance(dense, torch.Tensor)
    builder.fill(node.outputs[0], dense.detach().to_mkldnn())


@handles("prim::mkldnn_convolution")
def convolution(builder: PlanBuilder, node: Node) -> None:
    """A convolution in two or three dimensions."""

    def convolve(
        x: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: int
    ) -> Any:
        compute = functional.conv2d if weight.dim() == _RANK_OF_TWO else functional.conv3d
        return compute(x, weight, bias, stride, padding, dilation, groups)

    builder.call(node, convolve)


_RANK_OF_TWO = 4


@handles("prim::BroadcastMKLDNNTensors")
def broadcast(builder: PlanBuilder, node: Node) -> None:
    """Two tensors, each in the shape that both have together."""

    def spread(a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        if a.shape == b.shape:
            return a, b
        shape = torch.broadcast_shapes(a.shape, b.shape)
        return _in_shape(a, shape), _in_shape(b, shape)

    builder.call(node, spread)


def _in_shape(tensor: torch.Tensor, shape: Sequence[int]) -> torch.Tensor:
    if tensor.shape == torch.Size(shape):
        return tensor
    return tensor.to_dense().expand(shape).to_mkldnn()


@handles("prim::MKLDNNHardSwish", "prim::MKLDNNHardSwish_")
def hard_swish(builder: PlanBuilder, node: Node) -> None:
    """As `aten::hardswish`."""
    builder.call(node, _densely(functional.hardswish))


@handles("prim::MKLDNNHardSigmoid", "prim::MKLDNNHardSigmoid_")
def hard_sigmoid(builder: PlanBuilder, node: Node) -> None:
    """As `aten::hardsigmoid`."""
    builder.call(node, _densely(functional.hardsigmoid))


@handles("prim::MKLDNNHardTanh", "prim::MKLDNNHardTanh_", "prim::MKLDNNClamp", "prim::MKLDNNClamp_")
def cut_off(builder: PlanBuilder, node: Node) -> None:
    """As `aten::clamp` between two numbers."""
    low, high = node.attributes.get("min_val"), node.attributes.get("max_val")
    if not isinstance(low, float) or not isinstance(high, float):
        raise MissingOperatorError("its bounds were not saved", node.kind)
    builder.call(node, _densely(lambda x: torch.clamp(x, low, high)))


@handles("prim::MKLDNNScalarMul", "prim::MKLDNNScalarMul_")
def scaled(builder: PlanBuilder, node: Node) -> None:
    """A tensor times a number."""
    builder.call(node, _densely(cast("Any", torch.mul)))


@handles("prim::MKLDNNLayerNorm", "prim::MKLDNNLayerNorm_")
def layer_norm(builder: PlanBuilder, node: Node) -> None:
    """As `aten::layer_norm` over the last dimension."""

    def normalize(x: Any, shape: list[int], weight: Any, bias: Any, eps: float, _cudnn: bool) -> Any:
        return functional.layer_norm(x.to_dense(), shape, weight.to_dense(), bias.to_dense(), eps).to_mkldnn()

    builder.call(node, normalize)


def _densely(function: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
    """The function on a tensor that is laid out for oneDNN, by way of a dense one."""

    def run(x: torch.Tensor, *others: Any) -> torch.Tensor:
        return function(x.to_dense(), *others).to_mkldnn()

    return run
