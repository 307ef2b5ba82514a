"""Fuses a sum of quantized tensors and the activation behind it.

%1 : Tensor = quantized::add(%a, %b, %scale, %zero)
%2 : Tensor = aten::relu(%1)                           ->    %2 = quantized::add_relu(%a, %b, %scale, %zero)
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.algebra.fuse_add_relu import fuse_sum_and_relu, fused_sum
from jitcore.passes.algebra.patterns import replace_pattern
from jitcore.passes.base import Pass, PassContext

if TYPE_CHECKING:
    from jitcore.ir import Graph
    from jitcore.passes.algebra.patterns import Pattern, Replacement


class FuseQuantizedAddRelu(Pass):
    """Add quantized tensors and cut off below zero in one operator.

    aten::relu(quantized::add(%a, %b, %scale, %zero))    ->    quantized::add_relu(%a, %b, %scale, %zero)

    The sum must have no other reader. As FuseQuantizedAddRelu of torch/csrc/jit/passes/fuse_relu.cpp.
    """

    name: ClassVar[str] = "fuse-quantized-add-relu"
    counterpart: ClassVar[str] = "_jit_pass_fuse_quantized_add_relu"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Replace the pattern in all blocks."""
        return replace_pattern(graph, *_pattern(), fuse_sum_and_relu)


@cache
def _pattern() -> tuple[Pattern, Replacement]:
    return fused_sum("%a, %b, %scale, %zero", "quantized::add", "aten::relu", "quantized::add_relu")
