"""Compiles what is only in graphs that were made to be differentiated; an undefined gradient is None."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from jitcore.exec.control_flow import run_subgraph
from jitcore.exec.errors import MissingOperatorError
from jitcore.exec.plan_builder import PlanBuilder, handles
from jitcore.passes.gradients.gradient import was_differentiated
from jitcore.types import TensorType

if TYPE_CHECKING:
    from jitcore.ir import Node


@handles("prim::DifferentiableGraph")
def differentiable_graph(builder: PlanBuilder, node: Node) -> None:
    """Runs a graph beside which there is a graph of its gradients; one that has none is run by autograd."""
    if not was_differentiated(node):
        run_subgraph(builder, node, "differentiable")
        return
    run = builder.program.differentiable(node)
    builder.assign(node, f"{builder.bind(run)}({', '.join(builder.names(node.inputs))})", unpacks=True)


@handles("prim::RequiresGradCheck")
def requires_grad_check(builder: PlanBuilder, node: Node) -> None:
    """Gives its inputs, and whether those that are to require gradients do, and the others do not."""
    types = node.attributes.get("types")
    if not isinstance(types, list | tuple) or len(types) != len(node.inputs):
        raise MissingOperatorError("it does not say what is to require gradients", node.kind)
    expected = [isinstance(kind, TensorType) and kind.requires_grad is True for kind in types]
    names = [value.name for value in node.inputs]
    tally = builder.program.tally_of(node)

    def check(*tensors: torch.Tensor | None) -> tuple[Any, ...]:
        for name, tensor, requires in zip(names, tensors, expected, strict=True):
            # An undefined tensor requires none.
            if (tensor is not None and tensor.requires_grad) != requires:
                if tally is not None:
                    tally.fail(f"%{name} {'requires no' if requires else 'requires a'} gradient")
                return (*tensors, False)
        if tally is not None:
            tally.passed += 1
        return (*tensors, True)

    builder.call(node, check)


@handles("prim::AutogradZero")
def undefined_gradient(builder: PlanBuilder, node: Node) -> None:
    """A gradient that nobody computed."""
    builder.fill(node.outputs[0], None)


@handles("prim::AutogradAdd")
def add_gradients(builder: PlanBuilder, node: Node) -> None:
    """The sum of two gradients, or the one that is defined."""

    def add(one: Any, other: Any) -> Any:
        if one is None or other is None:
            return other if one is None else one
        return other + one  # in this order, which decides how the sum lies in memory

    builder.call(node, add)


@handles("prim::AutogradAnyNonZero")
def any_defined(builder: PlanBuilder, node: Node) -> None:
    """Whether any gradient is defined; of a list, any in it."""
    builder.call(node, lambda *gradients: any(map(_has_defined, gradients)))


@handles("prim::AutogradAllNonZero")
def all_defined(builder: PlanBuilder, node: Node) -> None:
    """Whether every gradient is defined."""
    builder.call(node, lambda *gradients: all(gradient is not None for gradient in gradients))


@handles("prim::AutogradAllZero")
def none_defined(builder: PlanBuilder, node: Node) -> None:
    """Whether no gradient is defined."""
    builder.call(node, lambda *gradients: all(gradient is None for gradient in gradients))


def _has_defined(gradient: Any) -> bool:
    if isinstance(gradient, list):
        return any(one is not None for one in gradient)
    return gradient is not None
