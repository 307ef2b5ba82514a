"""What `torch.jit.optimize_for_inference` does with a frozen graph on a CPU.

%1 = aten::conv2d(%x, %w, %b, ...)          %1 = prim::mkldnn_convolution(aten::to_mkldnn(%x), ...)
%2 = aten::linear(%1, %v, %c)         ->    %2 = aten::add(aten::matmul(aten::to_dense(%1), %vt), %c, 1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.freezing.convert_frozen_ops_to_mkldnn import convert_frozen_ops_to_mkldnn
from jitcore.passes.freezing.transpose_frozen_linear import transpose_frozen_linear

if TYPE_CHECKING:
    from jitcore.ir import Graph


class OptimizeForInference(Pass):
    """Let oneDNN compute convolutions, and multiply by transposed weights in place of linear layers.

    aten::linear(aten::conv2d(%x, ...), ...)    ->    aten::matmul(prim::mkldnn_convolution(...), ...)

    For frozen graphs on a CPU: run `freeze` before. As torch/csrc/jit/api/module.cpp; what a graphics card
    would compute otherwise stays as it is.
    """

    name: ClassVar[str] = "optimize-for-inference"
    counterpart: ClassVar[str] = "_jit_pass_optimize_for_inference"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Rewrite all blocks."""
        return optimize_graph_for_inference(graph, context)


def optimize_graph_for_inference(graph: Graph, context: PassContext) -> bool:
    """Rewrite a frozen graph; says whether anything changed."""
    changed = convert_frozen_ops_to_mkldnn(graph, context)
    return transpose_frozen_linear(graph, context) or changed
