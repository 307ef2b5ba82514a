"""Calls the operator where the function `torch.nn.functional.linear` is called.

%f : Function = prim::Constant[name="linear"]()
%1 : Tensor = prim::CallFunction(%f, %x, %w, %b)    ->    %1 : Tensor = aten::linear(%x, %w, %b)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.algebra.fuse_linear import replace_linear_functions
from jitcore.passes.base import Pass, PassContext

if TYPE_CHECKING:
    from jitcore.ir import Graph


class SwapFunctionalLinear(Pass):
    """Call `aten::linear` for functions that are named so.

    prim::CallFunction(%linear, %x, %w, %b)    ->    aten::linear(%x, %w, %b)

    `fuse-linear` does so last. As torch/csrc/jit/passes/quantization/insert_observers.cpp calls it first.
    """

    name: ClassVar[str] = "swap-functional-linear"
    counterpart: ClassVar[str] = "_jit_pass_swap_functional_linear"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Replace the calls of all blocks."""
        return replace_linear_functions(graph)
