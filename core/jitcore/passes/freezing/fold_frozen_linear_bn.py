"""Folds batch norms into the weights of the linear layers before them.

%1 : Tensor = aten::linear(%x, %w, %b)
%2 : Tensor = aten::batch_norm(%1, %g, %h, %mean, %var, ...)    ->    %1 = aten::linear(%x, %w_fused_bn, ...)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.freezing.batch_norm import fold_batch_norm, folded_into_linear, has_statistics
from jitcore.passes.freezing.frozen_layers import (
    has_changing_parameters,
    nodes_with_inner_first,
)
from jitcore.passes.freezing.tensor_arithmetic import TensorArithmetic

if TYPE_CHECKING:
    from jitcore.ir import Graph


class FoldFrozenLinearBatchNorm(Pass):
    """Fold batch norms into the constant weights of the linear layers before them.

    aten::batch_norm(aten::linear(%x, %w, %b), ...)    ->    aten::linear(%x, %w_fused_bn, %b_fused_bn)

    For frozen graphs: all that the two read besides %x has to be constant.
    As torch/csrc/jit/passes/frozen_linear_folding.cpp.
    """

    name: ClassVar[str] = "fold-frozen-linear-bn"
    counterpart: ClassVar[str] = "_jit_pass_fold_frozen_linear_bn"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Fold in all blocks, then drop what became dead."""
        return fold_frozen_linear_bn(graph, context)


def fold_frozen_linear_bn(graph: Graph, context: PassContext) -> bool:
    """Fold batch norms into linear layers; says whether there were any."""
    arithmetic = TensorArithmetic(context)
    changed = False
    for norm in nodes_with_inner_first(graph.block):
        if norm.kind != "aten::batch_norm" or norm.inputs[0].node.kind != "aten::linear":
            continue
        linear = norm.inputs[0].node
        if has_changing_parameters(linear) or has_changing_parameters(norm):
            continue
        if not has_statistics(norm):
            continue
        made = arithmetic.attempt(
            lambda linear=linear, norm=norm: folded_into_linear(linear, norm, arithmetic)
        )
        if made is not None:
            fold_batch_norm(linear, norm, *made)
            changed = True
    arithmetic.tell("batch norm")
    return eliminate_dead_code_with_aliases(graph) or changed
