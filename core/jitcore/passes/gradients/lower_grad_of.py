"""Lets gradients be computed only where there is something to compute them of.

%1 = prim::GradOf[name="aten::neg"](%g)         %c : int = prim::AutogradAnyNonZero(%g)
  block0():                                     %1 = prim::If(%c)
    %2 : Tensor = aten::neg(%g)           ->      block0():
    -> (%2)                                         %2 : Tensor = aten::neg(%g)
                                                    -> (%2)
                                                  block1():
                                                    %3 : Tensor = prim::AutogradZero()
                                                    -> (%3)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import made_from
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.rules import names, rule
from jitcore.types import INT

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node


class LowerGradOf(Pass):
    """Ask whether any incoming gradient is defined, and give undefined ones where none is.

    prim::GradOf(%g): ...    ->    if AutogradAnyNonZero(%g): ..., else: AutogradZero

    For what stands at the top of a graph. As torch/csrc/jit/passes/lower_grad_of.cpp.
    """

    name: ClassVar[str] = "lower-grad-of"
    counterpart: ClassVar[str] = "torch::jit::LowerGradOf"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Lower the nodes of the graph's own block."""
        return lower_grad_of(graph)


def lower_grad_of(graph: Graph) -> bool:
    """Ask for gradients at the top of a graph; says whether there was anything to ask for."""
    found = [node for node in graph.nodes() if node.kind == "prim::GradOf"]
    for node in found:
        ask_for_gradients(node)
    return bool(found)


@rule
def ask_for_gradients(node: Node) -> None:
    """GradOf(g): ... -> if AutogradAnyNonZero(g): ..., else: AutogradZero"""
    graph = node.graph
    with (
        ask_for_gradients.step(
            graph,
            lambda: (
                f"where nothing of {names(node.inputs)} is defined, neither is the gradient of "
                f"{node.attributes.get('name')}"
            ),
            (node,),
        ),
        graph.inserting_before(node),
    ):
        asked = graph.insert(graph.create("prim::AutogradAnyNonZero", node.inputs))
        asked.output.set_type(INT)  # as libtorch calls the answer
        choice = graph.create("prim::If", [asked.output], len(node.outputs))
        for made in (asked, choice):
            made.set_provenance(made_from(node))
        graph.insert(choice)
        choice.add_block().clone_from(node.blocks[0], lambda value: value)
        otherwise = choice.add_block()
        with graph.inserting_at_end(otherwise):
            zero = graph.insert(graph.create("prim::AutogradZero"))
        for old, new in zip(node.outputs, choice.outputs, strict=True):
            otherwise.register_output(zero.output)
            new.copy_metadata(old)
            old.replace_all_uses_with(new)
        node.destroy()
