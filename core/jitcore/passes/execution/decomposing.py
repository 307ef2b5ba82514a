"""Takes products with an addition apart, so that each half can be batched or fused.

%1 = aten::addmm(%a, %b, %c, %one, %one)    ->    %2 = aten::mm(%b, %c)
                                                  %1 = aten::add(%a, %2, %one)

As torch/csrc/jit/passes/decompose_ops.cpp does it on a CPU, without the propagation of shapes behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ir import made_from
from jitcore.ops.lookup import matches
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import constant_number
from jitcore.passes.rules import rule
from jitcore.source import Source, SourceRange
from jitcore.types import INT

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node

_FORMULA: Final = Source(
    "\n      def addmm(self, mat1, mat2):\n          return self + mat1.mm(mat2)\n", "<string>"
)
"""What libtorch compiles for it stands at these places of a text, and what is put in says so."""


class DecomposeProducts(Pass):
    """Make a product and a sum of what is both.

    aten::addmm(%a, %b, %c, 1, 1)    ->    aten::add(%a, aten::mm(%b, %c), 1)
    """

    name: ClassVar[str] = "decompose-products"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Rewrite all blocks."""
        return decompose_products(graph)


def decompose_products(graph: Graph) -> bool:
    """Take `addmm` apart in all blocks; says whether there was any."""
    return _decompose_in(graph.block)


def _decompose_in(block: Block) -> bool:
    changed = False
    for node in block.nodes():
        for inner in node.blocks:
            # What is decomposed inside of blocks alone is tidied up by nobody, as there.
            _decompose_in(inner)
        if node.kind == "aten::addmm" and matches(node, "aten::addmm"):
            beta, alpha = (constant_number(value) for value in node.inputs[3:5])
            if beta == 1.0 and alpha == 1.0:
                split_addmm(node)
                changed = True
    return changed


@rule
def split_addmm(node: Node) -> None:
    """addmm(a, b, c, beta=1, alpha=1) -> a + mm(b, c)"""
    graph = node.graph
    with split_addmm.step(
        graph, lambda: f"%{node.output.name} is a product and a sum, neither of them scaled", (node,)
    ), graph.inserting_before(node):  # fmt: skip
        one = graph.insert(graph.create_constant(1, INT))
        product = graph.insert(graph.create("aten::mm", node.inputs[1:3]))
        total = graph.insert(graph.create("aten::add", (node.inputs[0], product.output, one.output)))
        total.source_range = _place_of("self + mat1.mm(mat2)")
        product.source_range = _place_of("mat1.mm(mat2)")
        for made in (one, product, total):
            made.set_provenance(made_from(node))
        total.output.set_type(node.output.type)
        node.output.replace_all_uses_with(total.output)
        node.destroy()


def _place_of(expression: str) -> SourceRange:
    start = _FORMULA.text.index(expression)
    return SourceRange(_FORMULA, start, start + len(expression))
