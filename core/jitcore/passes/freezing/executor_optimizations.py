"""What libtorch does with the body of a frozen method once its attributes are constants.

As `runOptimization` (torch/csrc/jit/runtime/graph_executor.cpp), without unrolling loops of unknown length
and without objects of C++ as constants, then `EliminateNoOps` (torch/csrc/jit/passes/eliminate_no_ops.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes.common_subexpression_elimination import eliminate_common_subexpressions
from jitcore.passes.constant_pooling import pool_constants
from jitcore.passes.constant_propagation import propagate_constants
from jitcore.passes.control_flow.unrolling import unroll_loops
from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.lower_tuples import lower_simple_tuples
from jitcore.passes.mutation.mutation_remover import MutationRemover
from jitcore.passes.peephole import optimize_peepholes
from jitcore.passes.rules import rule

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node
    from jitcore.passes.base import PassContext


def optimize_frozen_body(graph: Graph, context: PassContext) -> None:
    """Clean up, fold, and unroll loops of known length."""
    eliminate_dead_code_with_aliases(graph)
    eliminate_common_subexpressions(graph)
    optimize_peepholes(graph, shape_peepholes=True)
    propagate_constants(graph, context, native_objects=False)
    pool_constants(graph)
    if unroll_loops(graph, constant_only=True):
        MutationRemover(graph).remove_from_lists(graph.block)
        optimize_peepholes(graph, shape_peepholes=True)
        propagate_constants(graph, context)
    eliminate_common_subexpressions(graph)
    eliminate_no_ops(graph)
    lower_simple_tuples(graph)


def eliminate_no_ops(graph: Graph) -> bool:
    """Read what is detached itself, unless somebody compares tensors by identity; says whether any was."""
    if any(_compares_identity(node) for node in graph.nodes()):
        return False
    changed = False
    for node in graph.all_nodes():
        if node.kind == "aten::detach":
            read_undetached(node)
            changed = True
    if changed:
        eliminate_dead_code_with_aliases(graph)
    return changed


def _compares_identity(node: Node) -> bool:
    return node.kind in ("aten::__is__", "aten::__isnot__") and all(
        value.type.kind == "TensorType" for value in node.inputs
    )


@rule
def read_undetached(node: Node) -> None:
    """aten::detach(x) -> x, where nothing is trained"""
    read_undetached.replace(
        node, node.inputs[0], lambda: f"a frozen module is not trained, so %{node.inputs[0].name} is detached"
    )
