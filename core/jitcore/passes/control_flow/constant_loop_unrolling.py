"""Unrolling of loops whose number of rounds is a constant.

%y = prim::Loop(%two, %true, %x)
  block0(%i, %a):                          %1 = aten::neg(%x)
    %b = aten::neg(%a)              ->     %y = aten::neg(%1)
    -> (%true, %b)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.control_flow.unrolling import unroll_loops

if TYPE_CHECKING:
    from jitcore.ir import Graph


class ConstantLoopUnrolling(Pass):
    """Put the rounds of loops one after the other where a constant says how many there are.

    prim::Loop(2, %true, %x)    ->    the body twice

    From 64 rounds on a loop stays, which makes eight of them at once. Bodies may have any size.
    """

    name: ClassVar[str] = "constant-loop-unrolling"
    counterpart: ClassVar[str] = "_jit_pass_constant_loop_unrolling"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Unroll such loops of all blocks, inner ones first."""
        return unroll_loops(graph, constant_only=True)
