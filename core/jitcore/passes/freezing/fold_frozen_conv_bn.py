"""Folds batch norms into the weights of the convolutions before them.

%1 : Tensor = aten::conv2d(%x, %w, %b, ...)
%2 : Tensor = aten::batch_norm(%1, %g, %h, %mean, %var, ...)    ->    %1 = aten::conv2d(%x, %w_fused_bn, ...)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.freezing.batch_norm import fold_batch_norm, folded_into_convolution, has_statistics
from jitcore.passes.freezing.frozen_layers import (
    has_changing_parameters,
    is_convolution,
    nodes_with_inner_first,
)
from jitcore.passes.freezing.tensor_arithmetic import TensorArithmetic

if TYPE_CHECKING:
    from jitcore.ir import Graph


class FoldFrozenConvBatchNorm(Pass):
    """Fold batch norms into the constant weights of the convolutions before them.

    aten::batch_norm(aten::conv2d(%x, %w, ...), ...)    ->    aten::conv2d(%x, %w_fused_bn, ...)

    For frozen graphs: all that the two read besides %x has to be constant, and nobody else may read the
    convolution. As torch/csrc/jit/passes/frozen_conv_folding.cpp.
    """

    name: ClassVar[str] = "fold-frozen-conv-bn"
    counterpart: ClassVar[str] = "_jit_pass_fold_frozen_conv_bn"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Fold in all blocks, then drop what became dead."""
        return fold_frozen_conv_bn(graph, context)


def fold_frozen_conv_bn(graph: Graph, context: PassContext) -> bool:
    """Fold batch norms into convolutions; says whether there were any."""
    arithmetic = TensorArithmetic(context)
    changed = False
    for norm in nodes_with_inner_first(graph.block):
        if norm.kind != "aten::batch_norm" or not is_convolution(norm.inputs[0].node):
            continue
        convolution = norm.inputs[0].node
        if has_changing_parameters(convolution) or has_changing_parameters(norm):
            continue
        if convolution.output.use_count > 1 or not has_statistics(norm):
            continue
        made = arithmetic.attempt(
            lambda convolution=convolution, norm=norm: folded_into_convolution(convolution, norm, arithmetic)
        )
        if made is not None:
            fold_batch_norm(convolution, norm, *made)
            changed = True
    arithmetic.tell("batch norm")
    return eliminate_dead_code_with_aliases(graph) or changed
