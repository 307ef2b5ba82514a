"""Loop unrolling: eight rounds at once, and all of them where they are few and their number is known.

%y = prim::Loop(%n, %true, %x)            %k : int = aten::__round_to_zero_floordiv(%n, %eight)
  block0(%i, %a):                         %z = prim::Loop(%k, %true, %x), the body eight times
    %b = aten::neg(%a)              ->    %m : int = aten::mul(%k, %eight)
    -> (%true, %b)                        %r : int = aten::sub(%n, %m)
                                          %y = prim::Loop(%r, %true, %z), the body once
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.control_flow.unrolling import unroll_loops

if TYPE_CHECKING:
    from jitcore.ir import Graph


class LoopUnrolling(Pass):
    """Repeat the bodies of small loops that count their rounds.

    prim::Loop(%n, %true, %x)    ->    a loop over %n // 8 with the body eight times, and one for the rest

    Loops of fewer than 64 rounds that are known go altogether. Bodies of more than 32 nodes are left alone,
    as in libtorch (torch/csrc/jit/passes/loop_unrolling.cpp).
    """

    name: ClassVar[str] = "loop-unrolling"
    counterpart: ClassVar[str] = "_jit_pass_loop_unrolling"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Unroll the loops of all blocks, inner ones first."""
        return unroll_loops(graph, constant_only=False)
