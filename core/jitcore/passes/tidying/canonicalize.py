"""Canonical numbers: equal graphs print equal texts, whatever happened to them.

graph(%x : Tensor):                       graph(%x : Tensor):
  %7 : Tensor = aten::neg(%x)       ->      %1 : Tensor = aten::neg(%x)
  return (%7)                               return (%1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import Graph
from jitcore.ir.numbering import renumber
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.options import PassOption
from jitcore.passes.rules import rule

if TYPE_CHECKING:
    from jitcore.ir import Value


class Canonicalize(Pass):
    """Number the values in the order in which they stand.

    %7 : Tensor = aten::neg(%x)    ->    %1 : Tensor = aten::neg(%x)

    libtorch's pass (torch/csrc/jit/passes/canonicalize.cpp) gives a new graph, ours numbers the one it has.
    """

    name: ClassVar[str] = "canonicalize"
    counterpart: ClassVar[str] = "_jit_pass_canonicalize"
    options: ClassVar[tuple[PassOption, ...]] = (
        PassOption(
            "keep_unique_names", True, "leave readable names; otherwise inputs and results of nodes lose them"
        ),
    )

    def __init__(self, keep_unique_names: bool = True) -> None:
        self.keeps_names = keep_unique_names

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Number all values."""
        changed = not self.keeps_names and forget_names(graph)
        return number_values(graph) or changed


@rule
def number_values(graph: Graph) -> bool:
    """values with any numbers -> the same values, numbered as they stand"""
    with number_values.step(
        graph, lambda: "numbers follow the order of the values, so equal graphs look alike"
    ):
        return renumber(graph)


@rule
def forget_names(graph: Graph) -> bool:
    """%x.1 = f(%y) -> %1 = f(%0)"""
    named = _named_values(graph)
    with forget_names.step(
        graph, lambda: f"{len(named)} values are known by their numbers alone from now on"
    ):
        for value in named:
            inner = value.graph
            # Values of subgraphs are recorded where the rewrite is.
            own, inner.journal = inner.journal, graph.journal
            try:
                value.set_debug_name("")
            finally:
                inner.journal = own
    return bool(named)


def _named_values(graph: Graph) -> list[Value]:
    """Values with names; those inside of blocks keep theirs, as in libtorch, those of subgraphs do not."""
    values = list(graph.inputs)
    inner: list[Value] = []
    for node in graph.nodes():
        values += node.outputs
        subgraph = node.attributes.get("Subgraph")
        if isinstance(subgraph, Graph):
            inner += _named_values(subgraph)
    return [*(value for value in values if value.debug_name is not None), *inner]
