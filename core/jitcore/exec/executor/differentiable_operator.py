"""Runs a graph that was differentiated, and its gradients when somebody asks for them.

As `DifferentiableGraphOp` and `DifferentiableGraphBackward` of torch/csrc/jit/runtime/graph_executor.cpp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from jitcore.exec.executor.last_executed import LAST_EXECUTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jitcore.exec.executor.graph_executor import GraphExecutor
    from jitcore.passes.gradients.gradient import Gradient


class DifferentiableOperator:
    """A differentiated graph: `forward` and `backward` are the executors of its two graphs."""

    def __init__(self, gradient: Gradient, forward: GraphExecutor, backward: GraphExecutor) -> None:
        self.gradient = gradient
        self.forward = forward
        self.backward = backward

    def __call__(self, *values: Any) -> tuple[Any, ...]:
        """The results that the graph had before it was differentiated, whose gradients can be asked for."""
        run = _Run(self, values)
        tensors = tuple(_tensors_of(values[index] for index in self.gradient.differentiated_inputs))
        # The graph is run on tensors that are detached, so what else is switched on does not matter inside.
        with torch.enable_grad():
            given = DifferentiableGraph.apply(run, *tensors)
        return run.results(given)[: self.gradient.real_outputs]


class _Run:
    """One run of an operator: what it was given, and what it gave that is not a tensor."""

    def __init__(self, operator: DifferentiableOperator, values: Sequence[Any]) -> None:
        self.operator = operator
        self.values: Sequence[Any] = values
        self._others: list[Any] = []
        self.captured: list[Any] = []
        self.shapes: list[tuple[torch.Size, torch.dtype, torch.device]] = []

    def compute(self) -> list[Any]:
        """The results of the graph for what was given, cut off from what that was computed of."""
        plan = self.operator.forward.plan()
        return list(plan.runner.run([_detached(value) for value in self.values]))

    def keep(self, results: list[Any]) -> None:
        """Remember results without their tensors, and let go of what was given."""
        self._others = [_Tensors.of(result) for result in results]
        self.values = ()

    def results(self, tensors: Sequence[torch.Tensor | None]) -> tuple[Any, ...]:
        """The results, with tensors in their places."""
        rest = iter(tensors)
        return tuple(_filled(other, rest) for other in self._others)


class _Tensors:
    """Stands for a tensor, or with a `count` for a list of so many."""

    def __init__(self, count: int | None) -> None:
        self.count = count

    @classmethod
    def of(cls, value: Any) -> Any:
        """What stands for a value: itself, where it has no tensors of its own."""
        if isinstance(value, torch.Tensor):
            return cls(None)
        return cls(len(value)) if _is_tensor_list(value) else value


def _filled(other: Any, tensors: Any) -> Any:
    if not isinstance(other, _Tensors):
        return other
    return next(tensors) if other.count is None else [next(tensors) for _ in range(other.count)]


class DifferentiableGraph(torch.autograd.Function):
    """What autograd knows of a run; the name is that of torch's, which tensors show."""

    @staticmethod
    def forward(ctx: Any, run: _Run, *tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The tensors of all results, of which those are remembered that gradients need."""
        gradient = run.operator.gradient
        values, results = run.values, run.compute()
        captured = [
            *(values[index] for index in gradient.captured_inputs),
            *(results[index] for index in gradient.captured_outputs),
        ]
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(*_tensors_of(captured))
        run.captured = [_Tensors.of(value) for value in captured]
        run.shapes = [(tensor.shape, tensor.dtype, tensor.device) for tensor in tensors]
        differentiated = {
            id(tensor)
            for index in gradient.differentiated_outputs
            for tensor in _tensors_of((results[index],))
            if tensor.is_floating_point()
        }
        given = tuple(_tensors_of(results))
        ctx.mark_non_differentiable(*(tensor for tensor in given if id(tensor) not in differentiated))
        run.keep(results)
        ctx.run = run
        return given

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor | None) -> tuple[Any, ...]:
        """The gradients of the tensors that were given, by those of the results."""
        run: _Run = ctx.run
        gradient = run.operator.gradient
        given = run.results(gradients)  # gradients stand where the results stood
        taken = [given[index] for index in gradient.differentiated_outputs]
        saved = iter(ctx.saved_tensors)
        taken += [_filled(other, saved) for other in run.captured]
        plan = run.operator.backward.plan()
        (computed,) = plan.runner.run(taken)
        LAST_EXECUTED.graph = plan.graph
        found: list[torch.Tensor | None] = []
        for value in computed if isinstance(computed, tuple) else (computed,):
            found += value if isinstance(value, list) else [value]
        return (None, *map(_defined, found, run.shapes, ctx.needs_input_grad[1:]))


def _defined(
    gradient: torch.Tensor | None, like: tuple[torch.Size, torch.dtype, torch.device], is_needed: bool
) -> torch.Tensor | None:
    if gradient is None and is_needed:
        shape, dtype, device = like
        return torch.zeros(shape, dtype=dtype, device=device)
    return gradient


def _tensors_of(values: Iterable[Any]) -> Iterable[torch.Tensor]:
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif _is_tensor_list(value):
            yield from value


def _detached(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach()
    return [one.detach() for one in value] if _is_tensor_list(value) else value


def _is_tensor_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, torch.Tensor) for one in value)
