"""From loads and stores of variables to static single assignment form."""

from __future__ import annotations

from jitcore.frontend.ssa.exits import transform_exits
from jitcore.frontend.ssa.loads_and_stores import add_control_flow_variables, erase_loads_and_stores
from jitcore.frontend.ssa.loop_conditions import inline_loop_conditions
from jitcore.frontend.ssa.loop_exits import resolve_loop_exits
from jitcore.frontend.ssa.modified_loops import canonicalize_modified_loops
from jitcore.frontend.variables import KnownReads
from jitcore.ir import Graph

__all__ = ["convert_to_ssa"]


def convert_to_ssa(graph: Graph, reads: KnownReads) -> None:
    """Convert a freshly emitted graph; no load, store, return, break or continue is left.

    `reads` are the reads of variables in it that are no nodes.
    """
    branches = any(node.blocks for node in graph.nodes())
    if branches:
        add_control_flow_variables(graph)
    # Numbers a constant even where there is no loop, as TorchScript does.
    resolve_loop_exits(graph.block)
    if branches:
        inline_loop_conditions(graph.block)
    reads.resolve()
    erase_loads_and_stores(graph)
    transform_exits(graph)
    if branches:
        canonicalize_modified_loops(graph.block)
