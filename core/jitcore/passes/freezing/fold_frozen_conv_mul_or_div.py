"""Folds constants that what a convolution gives is multiplied with into its weight and bias.

%1 : Tensor = aten::conv2d(%x, %w, %b, ...)
%2 : Tensor = aten::mul(%1, %c)                ->    %1 : Tensor = aten::conv2d(%x, %w_fused_mul, %3, ...)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import constant_of, insert_constant
from jitcore.passes.freezing.frozen_layers import (
    BIAS,
    WEIGHT,
    is_none,
    replace_input_with,
    weight_of,
)
from jitcore.passes.freezing.pointwise_constants import fold_into_convolutions
from jitcore.passes.freezing.tensor_arithmetic import TensorArithmetic, shape_of
from jitcore.passes.rules import rule
from jitcore.types import TENSOR

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node

_PRODUCTS: Final = ("aten::mul.Tensor", "aten::mul.Scalar", "aten::div.Tensor", "aten::div.Scalar")


class FoldFrozenConvMulOrDiv(Pass):
    """Fold constants that what a convolution gives is multiplied with, or divided by, into its weights.

    aten::mul(aten::conv2d(%x, %w, %b, ...), %c)    ->    aten::conv2d(%x, %w_fused_mul, %b * %c, ...)

    For frozen graphs: the constant is a number, or has one element for each channel or one for all. As
    torch/csrc/jit/passes/frozen_conv_folding.cpp, where the new weight gets the name of the bias.
    """

    name: ClassVar[str] = "fold-frozen-conv-mul-or-div"
    counterpart: ClassVar[str] = "_jit_pass_fold_frozen_conv_mul_or_div"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Fold in all blocks, then drop what became dead."""
        return fold_frozen_conv_mul_or_div(graph, context)


class _Products(NamedTuple):
    """The weight, what it is multiplied with, and the product; the same for the bias, if there is one."""

    weight: object
    factor: object
    new_weight: object
    bias: object = None
    bias_factor: object = None
    new_bias: object = None


def fold_frozen_conv_mul_or_div(graph: Graph, context: PassContext) -> bool:
    """Fold products into convolutions; says whether there were any."""
    return fold_into_convolutions(graph, context, _PRODUCTS, "product", _products, fold_product)


def _products(convolution: Node, node: Node, arithmetic: TensorArithmetic) -> tuple[object, ...]:
    weight = weight_of(convolution)
    channels, *others = shape_of(weight)
    factor = arithmetic.spread(constant_of(node.inputs[1]), [channels, *(1 for _ in others)], weight)
    operator = f"{node.kind}.Tensor"
    new_weight = arithmetic.of_dtype(arithmetic.call(operator, weight, factor), weight)
    if is_none(convolution.inputs[BIAS]):
        return weight, factor, new_weight
    bias = constant_of(convolution.inputs[BIAS])
    bias_factor = arithmetic.spread(factor, [channels], bias)
    new_bias = arithmetic.of_dtype(arithmetic.call(operator, bias, bias_factor), bias)
    return weight, factor, new_weight, bias, bias_factor, new_bias


@rule
def fold_product(convolution: Node, node: Node, tensors: tuple[object, ...]) -> None:
    """conv(x, w, b) * c -> conv(x, w * c, b * c)"""
    made = _Products(*tensors)
    graph = convolution.graph
    old, old_bias = convolution.inputs[WEIGHT], convolution.inputs[BIAS]
    suffix = f"_fused_{node.kind.rpartition('::')[2]}"
    factor = node.inputs[1].node
    with (
        fold_product.step(
            graph,
            lambda: (
                f"%{node.inputs[1].name} is constant, so {node.kind} with it goes into the weights of "
                f"%{convolution.output.name}"
            ),
            (convolution, node),
        ),
        graph.inserting_before(convolution),
    ):
        replace_input_with(node, convolution.output, insert_constant(graph, made.weight, TENSOR, old.node))
        node.replace_input(1, insert_constant(graph, made.factor, TENSOR, factor))
        new = insert_constant(graph, made.new_weight, TENSOR, old.node)
        new.set_debug_name(f"{old.name}{suffix}")
        replace_input_with(convolution, old, new)
        node.output.replace_all_uses_with(convolution.output)
        if is_none(old_bias):
            return
        node.replace_input(0, insert_constant(graph, made.bias, TENSOR, old_bias.node))
        node.replace_input(1, insert_constant(graph, made.bias_factor, TENSOR, factor))
        new_bias = insert_constant(graph, made.new_bias, TENSOR, old_bias.node)
        new.set_debug_name(f"{old_bias.name}{suffix}")
        replace_input_with(convolution, old_bias, new_bias)
