"""Computes operators by others, by the formulas that libtorch has for them.

%1 : Tensor = aten::var(%x, %unbiased)    ->    %n : int = aten::numel(%x)
                                                %mean : Tensor = aten::mean(%x, ...)
                                                ...
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ops.lookup import matches
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constant_propagation import propagate_constants
from jitcore.passes.inserting import mark_origin
from jitcore.passes.peephole import optimize_peepholes
from jitcore.passes.rules import rule
from jitcore.printing import parse_graph

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node

# The graph that libtorch's compiler makes of the formula, with the places of it in its text.
_VARIANCE: Final = """graph(%input.1 : Tensor, %unbiased.1 : bool):
  %28 : bool = prim::Constant[value=0]()
  %17 : NoneType = prim::Constant()
  %15 : bool = prim::Constant[value=1]() # <string>:54:52
  %4 : int = prim::Constant[value=1]() # <string>:49:9
  %5 : int = prim::Constant[value=0]() # <string>:51:9
  %74 : int = prim::If(%unbiased.1) # <string>:48:2
    block0():
      -> (%4)
    block1():
      -> (%5)
  %n.1 : int = aten::numel(%input.1) # <string>:53:6
  %14 : int[] = prim::ListConstruct()
  %mean.1 : Tensor = aten::mean(%input.1, %14, %15, %17) # <string>:54:9
  %sub.1 : Tensor = aten::sub(%input.1, %mean.1, %4) # <string>:55:8
  %sq.1 : Tensor = aten::mul(%sub.1, %sub.1) # <string>:56:7
  %27 : int[] = prim::ListConstruct()
  %sum.1 : Tensor = aten::sum(%sq.1, %27, %28, %17) # <string>:57:8
  %37 : int = aten::sub(%n.1, %74) # <string>:60:18
  %denom.1 : float = aten::Float(%37) # <string>:60:12
  %68 : float = prim::max(%5, %denom.1) # <string>:71:22
  %69 : Tensor = aten::div(%sum.1, %68) # <string>:71:7
  return (%69)
"""
_FORMULAS: Final = {"aten::var": _VARIANCE}
"""Operator -> the graph that computes it."""


class RunDecompositions(Pass):
    """Compute operators by others: the variance by a mean and a sum of squares.

    aten::var(%x, %unbiased)    ->    sum((%x - mean(%x)) * (%x - mean(%x))) / max(0, n - 1)

    Then small patterns are replaced and constants folded, twice. As
    torch/csrc/jit/runtime/decomposition_registry.cpp.
    """

    name: ClassVar[str] = "run-decompositions"
    counterpart: ClassVar[str] = "_jit_pass_run_decompositions"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Rewrite all blocks."""
        changed = _decompose(graph.block)
        for _ in range(2):
            changed |= optimize_peepholes(graph, shape_peepholes=False)
            changed |= propagate_constants(graph, context)
        return changed


def _decompose(block: Block) -> bool:
    changed = False
    for node in block.nodes():
        for inner in node.blocks:
            changed |= _decompose(inner)
        formula = _FORMULAS.get(node.kind)
        if formula is not None and matches(node, node.kind):
            compute_by_formula(node, _parsed(formula))
            changed = True
    return changed


@cache
def _parsed(formula: str) -> Graph:
    return parse_graph(formula)


@rule
def compute_by_formula(node: Node, formula: Graph) -> None:
    """aten::var(x, unbiased) -> what its formula computes"""
    graph = node.graph
    with (
        compute_by_formula.step(
            graph, lambda: f"there is a formula of simpler operators for {node.kind}", (node,)
        ),
        graph.inserting_before(node),
    ):
        before = graph.insert_point.prev
        [result], _ = graph.insert_graph(formula, node.inputs)
        mark_origin(graph, before, node)
        node.output.replace_all_uses_with(result)
        node.destroy()
