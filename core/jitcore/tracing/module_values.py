"""The parameters, buffers and submodules of a module as values of its trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from jitcore.ir import ScriptObject
from jitcore.tracing.inputs import add_input
from jitcore.tracing.state import TRACED_ATTRIBUTE
from jitcore.types import TENSOR

if TYPE_CHECKING:
    from jitcore.ir import Value
    from jitcore.tracing.state import TracingState


def add_module(state: TracingState, owner: ScriptObject) -> None:
    """Make a module the first input, and everything in it known to the trace."""
    value = state.graph.add_input("self", owner.type)
    _gather(state, value, owner, "__module")


def _gather(state: TracingState, value: Value, owner: ScriptObject, prefix: str) -> None:
    state.set_object(owner, value)
    for name, held in owner.attributes.items():
        path = f"{prefix}.{name}"
        node = state.create(TRACED_ATTRIBUTE, (), 1).set_attribute("scope", path)
        state.insert(node)
        attribute = node.outputs[0]
        attribute.set_type(owner.type.attributes[name].type)
        if isinstance(held, torch.Tensor):
            # What a slot may hold besides does not matter: a tensor is there.
            add_input(state, held, TENSOR, attribute)
        elif isinstance(held, torch.ScriptObject):
            state.set_native_object(held, attribute)
        elif isinstance(held, ScriptObject):
            if held.type.is_module:
                _gather(state, attribute, held, path)
            else:
                state.set_object(held, attribute)
