"""The constants of a batch norm, and the weights that do the same in the layer before it.

As computeUpdatedConvWeightAndBias and computeUpdatedLinearWeightAndBias of libtorch
(torch/csrc/jit/passes/fold_conv_bn.cpp, fold_linear_bn.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jitcore.passes.constants import constant_of, insert_constant
from jitcore.passes.freezing.frozen_layers import BIAS, WEIGHT, is_none, replace_input_with, weight_of
from jitcore.passes.freezing.tensor_arithmetic import dtype_of, shape_of
from jitcore.passes.rules import rule
from jitcore.types import TENSOR

if TYPE_CHECKING:
    from jitcore.ir import Node
    from jitcore.passes.freezing.tensor_arithmetic import TensorArithmetic

_MEAN, _VARIANCE, _EPS = 3, 4, 7


class Statistics(NamedTuple):
    """What a batch norm subtracts and multiplies by: tensors with an element for each channel."""

    mean: object
    variance: object
    eps: object
    weight: object
    bias: object

    def scale(self, arithmetic: TensorArithmetic) -> object:
        """weight / sqrt(variance + eps)"""
        return arithmetic.product(self.weight, arithmetic.inverse_deviation(self.variance, self.eps))


def has_statistics(norm: Node) -> bool:
    """Whether the batch norm knows mean and variance, and does not take those of its input."""
    return not (is_none(norm.inputs[_MEAN]) and is_none(norm.inputs[_VARIANCE]))


def statistics_of(norm: Node, arithmetic: TensorArithmetic) -> Statistics:
    """The constants of a batch norm; raises `EvaluationError`."""
    mean = constant_of(norm.inputs[_MEAN])
    weight, bias = norm.inputs[WEIGHT], norm.inputs[BIAS]
    return Statistics(
        mean,
        constant_of(norm.inputs[_VARIANCE]),
        constant_of(norm.inputs[_EPS]),
        arithmetic.call("aten::ones_like", mean) if is_none(weight) else constant_of(weight),
        arithmetic.call("aten::zeros_like", mean) if is_none(bias) else constant_of(bias),
    )


def bias_of(layer: Node, mean: object, arithmetic: TensorArithmetic) -> object:
    """The bias of a layer, zeros if it has none; raises `EvaluationError`."""
    if not is_none(layer.inputs[BIAS]):
        return constant_of(layer.inputs[BIAS])
    zeros = arithmetic.call("aten::zeros_like", mean)
    weight = weight_of(layer)
    is_half = dtype_of(weight) in ("float16", "bfloat16") and dtype_of(mean) == "float32"
    return arithmetic.of_dtype(zeros, weight) if is_half else zeros


def folded_into_convolution(
    convolution: Node, norm: Node, arithmetic: TensorArithmetic
) -> tuple[object, object]:
    """Weight and bias of the convolution that does what both do; raises `EvaluationError`."""
    statistics = statistics_of(norm, arithmetic)
    weight, bias = weight_of(convolution), bias_of(convolution, statistics.mean, arithmetic)
    return convolution_with_norm(weight, bias, statistics, arithmetic)


def convolution_with_norm(
    weight: object, bias: object, statistics: Statistics, arithmetic: TensorArithmetic
) -> tuple[object, object]:
    """Weight and bias of a convolution with those of a batch norm behind it; raises `EvaluationError`."""
    deviation = arithmetic.inverse_deviation(statistics.variance, statistics.eps)
    scale = arithmetic.product(statistics.weight, deviation)
    by_channel = [-1, *(1 for _ in shape_of(weight)[1:])]
    new_weight = arithmetic.product(weight, arithmetic.reshaped(scale, by_channel))
    centred = arithmetic.product(arithmetic.difference(bias, statistics.mean), deviation)
    new_bias = arithmetic.total(arithmetic.product(centred, statistics.weight), statistics.bias)
    return arithmetic.of_dtype(new_weight, weight), arithmetic.of_dtype(new_bias, bias)


def folded_into_linear(linear: Node, norm: Node, arithmetic: TensorArithmetic) -> tuple[object, object]:
    """Weight and bias of the linear layer that does what both do; raises `EvaluationError`."""
    statistics = statistics_of(norm, arithmetic)
    weight = weight_of(linear)
    if is_none(linear.inputs[BIAS]):
        bias = arithmetic.call("aten::zeros_like", statistics.mean)
    else:
        bias = constant_of(linear.inputs[BIAS])
    scale = statistics.scale(arithmetic)
    new_weight = arithmetic.product(weight, arithmetic.call("aten::unsqueeze", scale, -1))
    centred = arithmetic.product(arithmetic.difference(bias, statistics.mean), scale)
    new_bias = arithmetic.total(centred, statistics.bias)
    return arithmetic.of_dtype(new_weight, weight), arithmetic.of_dtype(new_bias, bias)


@rule
def fold_batch_norm(layer: Node, norm: Node, weight: object, bias: object) -> None:
    """batch_norm(layer(x, w, b), ...) -> layer(x, w', b')"""
    graph = layer.graph
    old_weight, old_bias = layer.inputs[WEIGHT], layer.inputs[BIAS]
    with (
        fold_batch_norm.step(
            graph,
            lambda: (
                f"%{norm.output.name} normalizes %{layer.output.name} by constants, which go into the weight "
                f"%{old_weight.name} and the bias"
            ),
            (layer, norm),
        ),
        graph.inserting_before(layer),
    ):
        new_weight = insert_constant(graph, weight, TENSOR, old_weight.node)
        new_bias = insert_constant(graph, bias, TENSOR, old_bias.node)
        new_weight.set_debug_name(f"{old_weight.name}_fused_bn")
        new_bias.set_debug_name(f"{old_bias.name}_fused_bn")
        replace_input_with(layer, old_weight, new_weight)
        replace_input_with(layer, old_bias, new_bias)
        norm.output.replace_all_uses_with(layer.output)
