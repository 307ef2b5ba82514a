"""Takes functional graphs apart again.

%1 : Tensor = prim::FunctionalGraph_0(%x)
with prim::FunctionalGraph_0 = graph(%x : Tensor):    ->    %1 : Tensor = aten::neg(%x)
  %1 : Tensor = aten::neg(%x)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.functional_graphs.merging import inline_functional_graph

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph


class InlineFunctionalGraphs(Pass):
    """Put the nodes of every `prim::FunctionalGraph` in its place.

    prim::FunctionalGraph(%x)    ->    the nodes that it computes
    """

    name: ClassVar[str] = "inline-functional-graphs"
    counterpart: ClassVar[str] = "_jit_pass_inline_functional_graphs"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Inline those of all blocks."""
        return _inline_in(graph.block)


def _inline_in(block: Block) -> bool:
    changed = False
    node = block.param_node.next
    while node is not None and node is not block.return_node:
        # Looked up first: what stood inside is not looked at, as in libtorch.
        following = node.next
        for inner in node.blocks:
            changed |= _inline_in(inner)
        if node.kind == "prim::FunctionalGraph":
            inline_functional_graph(node)
            changed = True
        node = following
    return changed
