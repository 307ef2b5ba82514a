"""The passes that torch's executor runs on an inlined graph, stage by stage.

As `ProfilingGraphExecutorImpl` (torch/csrc/jit/runtime/profiling_graph_executor_impl.cpp). Each function
rewrites the graph that it is given; the graphs are those that functions are inlined as.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes.algebra.batch_mm import batch_products
from jitcore.passes.algebra.decompose_ops import decompose
from jitcore.passes.common_subexpression_elimination import eliminate_common_subexpressions
from jitcore.passes.constant_pooling import pool_constants
from jitcore.passes.constant_propagation import propagate_constants
from jitcore.passes.control_flow.unrolling import unroll_loops
from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.execution.conditional_values import choose_without_blocks
from jitcore.passes.execution.differentiable_groups import differentiate_groups
from jitcore.passes.execution.profile_nodes import (
    PROFILE,
    PROFILED_TYPE,
    forget_profile,
    forget_specializations,
    insert_profile_nodes,
    move_profiles_into_types,
    remove_run_counter,
)
from jitcore.passes.execution.strict_fusion import check_strict_fusion
from jitcore.passes.fusion.fallback_functions import call_fallbacks
from jitcore.passes.fusion.fuse_tensorexprs import fuse_tensor_expressions
from jitcore.passes.gradients.lower_grad_of import lower_grad_of
from jitcore.passes.gradients.sizes_to_note import note_sizes
from jitcore.passes.gradients.specialize_autogradzero import SpecializeAutogradZero
from jitcore.passes.inline import inline_calls
from jitcore.passes.lower_tuples import lower_simple_tuples
from jitcore.passes.mutation.mutation_remover import MutationRemover
from jitcore.passes.peephole import optimize_peepholes
from jitcore.passes.tidying.canonicalize_graph_fuser_ops import canonicalize_graph_fuser_ops
from jitcore.passes.tidying.remove_expands import remove_expands
from jitcore.types import TensorType

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Function, Graph
    from jitcore.passes.base import PassContext
    from jitcore.passes.fusion.fusion_choice import FusionChoice
    from jitcore.types import FunctionSchema


def prepare_unoptimized(graph: Graph) -> None:
    """What is done to a graph that is run as it was written."""
    lower_grad_of(graph)
    remove_expands(graph)


def optimize_without_profile(graph: Graph, context: PassContext) -> None:
    """What needs to know nothing of the tensors: before profiling, and where it is not done."""
    # What was inlined already may call what ran before anybody wanted it optimized.
    inline_calls(graph)
    forget_profile(graph)
    lower_grad_of(graph)
    _require(graph, context)
    # What is decomposed inside of blocks alone is tidied up by nobody, as in libtorch.
    if decompose(graph.block)[0]:
        propagate_constants(graph, context)
        eliminate_dead_code_with_aliases(graph)
    propagate_constants(graph, context)
    eliminate_dead_code_with_aliases(graph)
    eliminate_common_subexpressions(graph)
    pool_constants(graph)
    optimize_peepholes(graph, shape_peepholes=True)
    eliminate_dead_code_with_aliases(graph)
    lower_simple_tuples(graph)


def instrument(graph: Graph, with_reductions: bool = False) -> Graph:
    """A copy of a graph with nodes that note what flows, of sums and softmaxes too `with_reductions`."""
    copy = graph.copy()
    forget_profile(copy)
    insert_profile_nodes(copy, with_reductions)
    note_sizes(copy.block)
    return copy


def optimize_with_profile(
    profiled: Graph,
    context: PassContext,
    fusion: FusionChoice | None,
    make_fallback: Callable[[FunctionSchema, Graph], Function],
) -> Graph:
    """A copy of an instrumented graph, optimized by what was noted.

    Where `fusion` is None, what was noted stays in the graph, as without torch's tensor expressions.
    `make_fallback` gives the functions that run where guards fail. Raises `SourceError` where something was
    to be fused and is not.
    """
    graph = profiled.copy()
    remove_run_counter(graph)
    _optimize_differentiably(graph, context)
    if _needs_gradient(graph):
        differentiate_groups(graph)
    else:
        _optimize_without_gradients(graph, fusion)
    eliminate_dead_code_with_aliases(graph)
    call_fallbacks(graph, make_fallback)
    choose_without_blocks(graph)
    check_strict_fusion(graph)
    return graph


def _require(graph: Graph, context: PassContext) -> None:
    """What every graph needs before it is run (`runRequiredPasses`)."""
    remove_expands(graph)
    canonicalize_graph_fuser_ops(graph, context)
    eliminate_dead_code_with_aliases(graph)


def _optimize_differentiably(graph: Graph, context: PassContext) -> None:
    """What can be done before it is known whether gradients are needed (`runPreAutodiffPassPipeline`)."""
    lower_grad_of(graph)
    SpecializeAutogradZero().run(graph, context)
    _require(graph, context)
    optimize_peepholes(graph, shape_peepholes=True)
    propagate_constants(graph, context)
    eliminate_dead_code_with_aliases(graph)
    eliminate_common_subexpressions(graph)
    optimize_peepholes(graph, shape_peepholes=True)
    propagate_constants(graph, context)
    pool_constants(graph)
    unroll_loops(graph, constant_only=False)
    MutationRemover(graph).remove_from_lists(graph.block)
    optimize_peepholes(graph, shape_peepholes=True)
    propagate_constants(graph, context)
    eliminate_common_subexpressions(graph)


def _needs_gradient(graph: Graph) -> bool:
    """Whether something that was noted requires a gradient."""
    for node in graph.all_nodes():
        noted = node.attributes.get(PROFILED_TYPE) if node.kind == PROFILE else None
        if isinstance(noted, TensorType) and noted.requires_grad:
            return True
    return False


def _optimize_without_gradients(graph: Graph, fusion: FusionChoice | None) -> None:
    """What would spoil differentiation (`runNoGradOptimizations`)."""
    lower_simple_tuples(graph)
    if fusion is None:
        batch_products(graph)
        eliminate_dead_code_with_aliases(graph)
        eliminate_common_subexpressions(graph)
        eliminate_dead_code_with_aliases(graph)
    else:
        move_profiles_into_types(graph.block)
        batch_products(graph)
        fuse_tensor_expressions(graph, fusion)
    forget_specializations(graph.block)
