"""Constants that are added to, or multiplied with, what a convolution gives.

As checkConvAndBroadcastingOpPreConditions of libtorch (torch/csrc/jit/passes/frozen_conv_folding.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ops.lookup import matches
from jitcore.passes.constants import constant_of
from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.freezing.frozen_layers import (
    has_changing_parameters,
    is_convolution,
    nodes_with_inner_first,
    weight_of,
)
from jitcore.passes.freezing.tensor_arithmetic import (
    TensorArithmetic,
    dtype_of,
    has_shape,
    is_floating,
    shape_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Graph, Node
    from jitcore.passes.base import PassContext


def fold_into_convolutions(
    graph: Graph,
    context: PassContext,
    operators: tuple[str, ...],
    called: str,
    compute: Callable[[Node, Node, TensorArithmetic], tuple[object, ...]],
    fold: Callable[[Node, Node, tuple[object, ...]], None],
) -> bool:
    """Fold constants that the `operators` bring into the convolutions before them; says whether any were.

    `compute` gives, of a convolution and the node behind it, the tensors with which `fold` rewrites both.
    `called` is what one operation is called in a note on tensors that could not be computed.
    """
    arithmetic = TensorArithmetic(context)
    changed = False
    for node in nodes_with_inner_first(graph.block):
        if not matches(node, *operators):
            continue
        convolution = node.inputs[0].node
        if not is_convolution(convolution) or not can_be_folded(convolution, node):
            continue
        made = arithmetic.attempt(
            lambda convolution=convolution, node=node: compute(convolution, node, arithmetic)
        )
        if made is not None:
            fold(convolution, node, made)
            changed = True
    arithmetic.tell(called)
    return eliminate_dead_code_with_aliases(graph) or changed


def can_be_folded(convolution: Node, operation: Node) -> bool:
    """Whether the operation works channel by channel, and changes neither shape nor dtype."""
    if has_changing_parameters(convolution) or has_changing_parameters(operation):
        return False
    if convolution.output.use_count > 1:
        return False
    weight = weight_of(convolution)
    if not is_floating(weight):
        return False
    other = constant_of(operation.inputs[1])
    if not has_shape(other):
        return True
    return _is_by_channel(shape_of(other), shape_of(weight)) and (
        is_floating(other) or _keeps_dtype(dtype_of(other))
    )


def _is_by_channel(shape: tuple[int, ...], weight: tuple[int, ...]) -> bool:
    if len(shape) > len(weight):
        return False
    return all(size == 1 or (place == 1 and size == weight[0]) for place, size in enumerate(shape))


def _keeps_dtype(dtype: str) -> bool:
    """Whether numbers of a dtype leave reals reals of the same size: integers do, complex numbers do not."""
    return not dtype.startswith("complex")
