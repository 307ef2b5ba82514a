"""Folds constants that are added to what a convolution gives into its bias.

%1 : Tensor = aten::conv2d(%x, %w, %b, ...)
%2 : Tensor = aten::add(%1, %c, %one)          ->    %1 : Tensor = aten::conv2d(%x, %w, %b_fused_add, ...)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import constant_of, insert_constant
from jitcore.passes.freezing.frozen_layers import (
    BIAS,
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

_SUMS: Final = ("aten::add.Tensor", "aten::add.Scalar", "aten::sub.Tensor", "aten::sub.Scalar")


class FoldFrozenConvAddOrSub(Pass):
    """Fold constants that are added to, or subtracted from, what a convolution gives into its bias.

    aten::add(aten::conv2d(%x, %w, %b, ...), %c, 1)    ->    aten::conv2d(%x, %w, %b_fused_add, ...)

    For frozen graphs: the constant is a number, or has one element for each channel or one for all. As
    torch/csrc/jit/passes/frozen_conv_folding.cpp.
    """

    name: ClassVar[str] = "fold-frozen-conv-add-or-sub"
    counterpart: ClassVar[str] = "_jit_pass_fold_frozen_conv_add_or_sub"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Fold in all blocks, then drop what became dead."""
        return fold_frozen_conv_add_or_sub(graph, context)


def fold_frozen_conv_add_or_sub(graph: Graph, context: PassContext) -> bool:
    """Fold sums into convolutions; says whether there were any."""
    return fold_into_convolutions(graph, context, _SUMS, "sum", _new_bias, fold_sum)


def _new_bias(convolution: Node, node: Node, arithmetic: TensorArithmetic) -> tuple[object, object, object]:
    """The bias, what is added to it, and the sum."""
    weight = weight_of(convolution)
    added = arithmetic.spread(constant_of(node.inputs[1]), shape_of(weight)[:1], weight)
    if is_none(convolution.inputs[BIAS]):
        bias = arithmetic.of_dtype(arithmetic.call("aten::zeros_like", added), weight)
    else:
        bias = constant_of(convolution.inputs[BIAS])
    total = arithmetic.call(f"{node.kind}.Tensor", bias, added, constant_of(node.inputs[2]))
    return bias, added, arithmetic.of_dtype(total, bias)


@rule
def fold_sum(convolution: Node, node: Node, made: tuple[object, ...]) -> None:
    """conv(x, w, b) + c -> conv(x, w, b + c)"""
    bias, added, total = made
    graph = convolution.graph
    old = convolution.inputs[BIAS]
    with (
        fold_sum.step(
            graph,
            lambda: (
                f"%{node.inputs[1].name} is constant, so {node.kind} with it goes into the bias of "
                f"%{convolution.output.name}"
            ),
            (convolution, node),
        ),
        graph.inserting_before(convolution),
    ):
        replace_input_with(node, convolution.output, insert_constant(graph, bias, TENSOR, old.node))
        node.replace_input(1, insert_constant(graph, added, TENSOR, node.inputs[1].node))
        new = insert_constant(graph, total, TENSOR, old.node)
        new.set_debug_name(f"{old.name}_fused_{node.kind.rpartition('::')[2]}")
        replace_input_with(convolution, old, new)
        node.output.replace_all_uses_with(convolution.output)
