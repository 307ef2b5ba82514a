"""Tensors that a program makes of values of Python: constants of the trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.tracing.tensor_values import recorded_type

if TYPE_CHECKING:
    import torch

    from jitcore.ir import Node
    from jitcore.source import SourceRange
    from jitcore.tracing.state import TracingState


def record_conversion(state: TracingState, data: torch.Tensor, place: SourceRange | None) -> Node:
    """The node for a tensor made of values of Python: a constant, converted to what it is already."""
    node = state.create("aten::to")
    node.source_range = place
    node.add_input(state.insert_tensor(data, place))
    for option in (data.device, data.dtype, False, False):
        node.add_input(state.insert_constant(option, place))
    node.add_input(state.insert_none())
    state.insert(node)
    node.add_output(recorded_type(data))
    return node
