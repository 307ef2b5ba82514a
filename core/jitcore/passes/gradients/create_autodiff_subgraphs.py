"""Gathers operators that libtorch has formulas for in graphs that can be differentiated as a whole.

%2 = aten::mul(%x, %y)                        %3 = prim::DifferentiableGraph_0(%x, %y, %z)
%3 = aten::add(%2, %z, %one)           ->     with prim::DifferentiableGraph_0 = graph(%x, %y, %z): ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.execution.gradient_groups import gather_differentiable, has_what_cannot_be_moved
from jitcore.passes.options import PassOption

if TYPE_CHECKING:
    from jitcore.ir import Graph


class CreateAutodiffSubgraphs(Pass):
    """Gather what can be differentiated by formulas in groups; views that would leave one are given back.

    %2 = aten::mul(%x, %y)            ->    %3 = prim::DifferentiableGraph_0(%x, %y, %z)
    %3 = aten::add(%2, %z, %one)

    As torch/csrc/jit/passes/create_autodiff_subgraphs.cpp. The gradients themselves are made by the executor,
    or by the pass `differentiate`.
    """

    name: ClassVar[str] = "create-autodiff-subgraphs"
    counterpart: ClassVar[str] = "_jit_pass_create_autodiff_subgraphs"
    options: ClassVar[tuple[PassOption, ...]] = (
        PassOption("threshold", 2, "how many operators a group needs not to be given back"),
    )

    def __init__(self, threshold: int = 2) -> None:
        self.threshold = threshold

    def may_refuse(self, graph: Graph) -> bool:
        """Whether there is a node that is begun to be grouped, and then cannot be."""
        return has_what_cannot_be_moved(graph)

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Gather groups in all blocks."""
        before = [node.id for node in graph.all_nodes()]
        gather_differentiable(graph, self.threshold)
        return [node.id for node in graph.all_nodes()] != before
