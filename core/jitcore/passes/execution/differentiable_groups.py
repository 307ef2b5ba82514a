"""Differentiates the groups of a graph, and guards them by what requires gradients.

%z = prim::DifferentiableGraph(%x, %y)    ->    if RequiresGradCheck: DifferentiableGraph with its gradients,
                                                else: the operators as they were

As `ProfilingGraphExecutorImpl` (torch/csrc/jit/runtime/profiling_graph_executor_impl.cpp) and
torch/csrc/jit/passes/inline_autodiff_subgraphs.cpp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.execution.gradient_groups import gather_differentiable
from jitcore.passes.execution.guards import insert_guard
from jitcore.passes.execution.profile_nodes import (
    PROFILE,
    PROFILED_TYPE,
    forget_specializations,
    remove_profile_nodes,
)
from jitcore.passes.functional_graphs.merging import subgraph_of, take_apart
from jitcore.passes.gradients.differentiate import differentiate
from jitcore.passes.gradients.gradient import GROUP
from jitcore.passes.gradients.requires_grad import say_of_gradients, with_requires_grad
from jitcore.types import TENSOR, TensorType

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value

CHECK: Final = "prim::RequiresGradCheck"

_FEWEST: Final = 2
"""Nodes in a group that is worth it."""

_NOT_UNDER_AUTOGRAD: Final = frozenset(("prim::TensorExprGroup", "prim::FusionGroup"))


def differentiate_groups(graph: Graph) -> None:
    """Gather what can be differentiated, and differentiate those groups of which enough was noted."""
    for group in gather_differentiable(graph, _FEWEST):
        if not _guard(group):
            continue
        gradient = differentiate(subgraph_of(group))
        forward = gradient.forward
        forget_specializations(forward.block)
        remove_profile_nodes(forward.block)
        say_of_gradients(forward.block, False)
        gradient.keep_in(group)
    _give_back_small(graph.block)
    eliminate_dead_code_with_aliases(graph)
    remove_profile_nodes(graph.block)


def _guard(group: Node) -> bool:
    """Guard a group by what was seen to require gradients; give it back where an input was never seen."""
    seen = True
    for index, parameter in enumerate(subgraph_of(group).inputs):
        if isinstance(parameter.type, TensorType):
            value = group.inputs[index]
            noted = _noted(parameter, value)
            if noted is not None:
                value.set_type(noted)
            if isinstance(value.type, TensorType):
                # The guard answers for this alone of all that was noted.
                parameter.set_type(with_requires_grad(parameter.type, value.type.requires_grad))
            seen &= value.type != TENSOR
    if seen:
        insert_guard(group, CHECK, _expected)
        return True
    say_of_gradients(subgraph_of(group).block, None)
    take_apart(group)
    return False


def _noted(parameter: Value, value: Value) -> TensorType | None:
    """What was noted of a value where the group reads it, or at the end of the group that it comes from."""
    reader = parameter.uses[0][0]
    if reader.kind != PROFILE:
        if value.node.kind != GROUP:
            return None
        reader = subgraph_of(value.node).outputs[value.offset].node
        if reader.kind != PROFILE:
            return None
    noted = reader.attributes[PROFILED_TYPE]
    assert isinstance(noted, TensorType)
    return noted


def _expected(kind: TensorType) -> TensorType:
    # What was seen to require a gradient and not to falls back where it does not.
    return TensorType(requires_grad=kind.requires_grad is not False)


def _give_back_small(block: Block) -> None:
    """Take groups apart that formulas, and what is known by then, left too little of."""
    for node in block.nodes():
        for inner in node.blocks:
            _give_back_small(inner)
        if node.kind != GROUP:
            continue
        body = subgraph_of(node)
        if len(body.all_nodes()) < _FEWEST and all(map(_runs_with_autograd, body.nodes())):
            say_of_gradients(body.block, None)
            take_apart(node)


def _runs_with_autograd(node: Node) -> bool:
    return (
        node.kind not in _NOT_UNDER_AUTOGRAD
        and node.kind.partition("::")[0] in ("aten", "prim")
        and all(_runs_with_autograd(inner) for block in node.blocks for inner in block.nodes())
    )
