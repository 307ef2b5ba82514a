"""What is done to every graph after it was lowered, in TorchScript's order."""

from __future__ import annotations

from jitcore.frontend.building import make_list
from jitcore.frontend.closures import inline_forked_closures, lift_closures
from jitcore.ir import Graph
from jitcore.passes.canonicalize_outputs import canonicalize_outputs
from jitcore.passes.constant_pooling import pool_constants
from jitcore.passes.constant_propagation import propagate_immutable_constants
from jitcore.passes.lower_tuples import lower_simple_tuples
from jitcore.passes.normalize_ops import normalize_ops
from jitcore.types import TENSOR


def normalize(graph: Graph) -> None:
    """Give operators their usual names."""
    normalize_ops(graph.block)


def clean_up(graph: Graph) -> None:
    """Remove what only lowering needed, compute what is constant."""
    kinds = {node.kind for node in graph.all_nodes()}
    if "prim::Closure" in kinds:
        lift_closures(graph.block, clean_up)
        inline_forked_closures(graph.block, clean_up)
    if "prim::EmptyListLiteral" in kinds:
        _type_empty_lists(graph)
    lower_simple_tuples(graph)
    # Only over immutable types: a second run then changes nothing, so that a graph that is saved
    # and loaded stays the same.
    propagate_immutable_constants(graph)
    pool_constants(graph)
    if "prim::If" in kinds or "prim::Loop" in kinds:
        canonicalize_outputs(graph.block)


def _type_empty_lists(graph: Graph) -> None:
    """prim::EmptyListLiteral() -> prim::ListConstruct() of tensors, where something still reads it"""
    for node in [n for n in graph.all_nodes() if n.kind == "prim::EmptyListLiteral"]:
        if node.has_uses():
            with graph.inserting_before(node):
                node.outputs[0].replace_all_uses_with(make_list(graph, TENSOR, ()))
        node.destroy()
