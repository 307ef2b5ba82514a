"""Takes for granted that nothing is raised: branches that raise are never taken.

%c : bool = aten::gt(%n, %two)
 = prim::If(%c)
  block0():
    -> ()
  block1():                          ->    %3 : Tensor = aten::neg(%x)
     = prim::RaiseException(%1, %2)
    -> ()
%3 : Tensor = aten::neg(%x)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constant_pooling import pool_constants
from jitcore.passes.constant_propagation import propagate_constants
from jitcore.passes.constants import insert_constant
from jitcore.passes.rules import rule
from jitcore.types import BOOL

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value


class EliminateExceptions(Pass):
    """Drop branches that raise, and what decides whether they are taken.

    if %c: raise    ->    %c is False wherever it is read

    Then constants are propagated and pooled. As torch/csrc/jit/passes/remove_exceptions.cpp.
    """

    name: ClassVar[str] = "eliminate-exceptions"
    counterpart: ClassVar[str] = "torch::jit::EliminateExceptions"
    assumes: ClassVar[str] = "whoever runs the graph gives it nothing for which it raises"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Decide ifs by what raises, in all blocks."""
        _eliminate_in(graph.block)
        propagate_constants(graph, context)
        pool_constants(graph)
        # If nothing raises, the two answers are there all the same.
        return True


def _eliminate_in(block: Block) -> None:
    never, always = insert_answers(block.graph)
    for node in block.nodes():
        if node.kind == "prim::If":
            first, second = node.blocks
            if _raises(first):
                decide(node, never)
            elif _raises(second):
                decide(node, always)
        for inner in node.blocks:
            _eliminate_in(inner)


def _raises(block: Block) -> bool:
    """Whether the block itself raises, whatever happens in blocks inside of it."""
    return any(node.kind == "prim::RaiseException" for node in block.nodes())


@rule
def insert_answers(graph: Graph) -> tuple[Value, Value]:
    """nothing -> False and True, which conditions may become"""
    with (
        insert_answers.step(
            graph, lambda: "ifs whose branches raise are decided by these; pooling moves them"
        ),
        graph.inserting_at_end(graph.block),
    ):
        return insert_constant(graph, False, BOOL), insert_constant(graph, True, BOOL)


@rule
def decide(node: Node, answer: Value) -> None:
    """if c: raise -> False wherever c is read"""
    condition = node.inputs[0]
    with decide.step(
        node.graph, lambda: f"a branch raises, so %{condition.name} is never what leads there", (node,)
    ):
        condition.replace_all_uses_with(answer)
