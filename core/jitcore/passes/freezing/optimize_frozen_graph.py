"""What `torch.jit.run_frozen_optimizations` does with a frozen graph.

%1 = aten::conv2d(%x, %w, %b, ...)
%2 = aten::batch_norm(%1, ...)            ->    %3 = aten::conv2d(%x, %w_fused_bn, %b_fused_bn, ...)
%3 = aten::dropout(%2, %p, %false)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.algebra.remove_dropout import remove_dropout
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.freezing.concat_frozen_linear import concat_frozen_linear
from jitcore.passes.freezing.fold_frozen_conv_add_or_sub import fold_frozen_conv_add_or_sub
from jitcore.passes.freezing.fold_frozen_conv_bn import fold_frozen_conv_bn
from jitcore.passes.freezing.fold_frozen_conv_mul_or_div import fold_frozen_conv_mul_or_div
from jitcore.passes.freezing.fold_frozen_linear_bn import fold_frozen_linear_bn
from jitcore.passes.options import PassOption

if TYPE_CHECKING:
    from jitcore.ir import Graph


class OptimizeFrozenGraph(Pass):
    """Drop dropout, and fold batch norms, sums and products with constants into the layers before them.

    aten::dropout(aten::batch_norm(aten::conv2d(%x, ...)), ...)    ->    aten::conv2d(%x, ...)

    As torch/csrc/jit/passes/frozen_graph_optimizations.cpp: as often as something is folded.
    """

    name: ClassVar[str] = "optimize-frozen-graph"
    counterpart: ClassVar[str] = "_jit_pass_optimize_frozen_graph"
    options: ClassVar[tuple[PassOption, ...]] = (
        PassOption("optimize_numerics", True, "fold what rounds otherwise than before, too"),
    )

    def __init__(self, optimize_numerics: bool = True) -> None:
        self.optimize_numerics = optimize_numerics

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Rewrite all blocks."""
        return optimize_frozen_graph(graph, context, self.optimize_numerics)


def optimize_frozen_graph(graph: Graph, context: PassContext, optimize_numerics: bool = True) -> bool:
    """Rewrite a frozen graph; says whether anything changed."""
    changed = remove_dropout(graph)
    changed |= concat_frozen_linear(graph, context)
    folded = optimize_numerics
    while folded:
        folded = fold_frozen_conv_bn(graph, context)
        folded |= fold_frozen_conv_add_or_sub(graph, context)
        folded |= fold_frozen_conv_mul_or_div(graph, context)
        folded |= fold_frozen_linear_bn(graph, context)
        changed |= folded
    return changed
