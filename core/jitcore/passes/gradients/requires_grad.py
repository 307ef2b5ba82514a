"""What is known of whether values require gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.types import TensorType

if TYPE_CHECKING:
    from jitcore.ir import Block, Value
    from jitcore.types import Type

PROFILE = "prim::profile"
PROFILED_TYPE = "profiled_type"


def may_require_grad(kind: Type) -> bool:
    """Whether a value of this type may require a gradient, as `Type::requires_grad` has it."""
    if isinstance(kind, TensorType):
        return kind.requires_grad is not False
    return any(map(may_require_grad, kind.parts))


def result_requires_grad(value: Value) -> bool:
    """Whether a result of a graph is to be differentiated, by its type or by what was noted of it."""
    kind = value.type
    if not isinstance(kind, TensorType):
        return may_require_grad(kind)
    if kind.requires_grad is not None:
        return kind.requires_grad
    noted = value.node.attributes.get(PROFILED_TYPE) if value.node.kind == PROFILE else None
    return not isinstance(noted, TensorType) or may_require_grad(noted)


def with_requires_grad(kind: TensorType, requires_grad: bool | None) -> TensorType:
    """The type that says this of gradients, and else the same."""
    return TensorType(kind.dtype, kind.sizes, kind.strides, requires_grad, kind.device, kind.undefined)


def say_of_gradients(block: Block, requires_grad: bool | None) -> None:
    """Say of all tensors that are read in a block whether they require gradients; None: nobody knows.

    As torch/csrc/jit/passes/update_differentiable_graph_requires_grad.cpp.
    """
    for node in block.nodes():
        for value in node.inputs:
            if isinstance(value.type, TensorType):
                value.set_type(with_requires_grad(value.type, requires_grad))
        noted = node.attributes.get(PROFILED_TYPE) if node.kind == PROFILE else None
        if isinstance(noted, TensorType):
            node.set_attribute(PROFILED_TYPE, with_requires_grad(noted, requires_grad))
        for inner in node.blocks:
            say_of_gradients(inner, requires_grad)
