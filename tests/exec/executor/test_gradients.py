"""Gradients through what the executor differentiates, held against torch's executor run after run."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import jitcore
from jitcore.exec.executor.executors import Executors
from jitcore.exec.interpreter import Interpreter
from tests.differential.agreement import first_difference

RUNS = 4
"""The first run notes, the second is differentiated, the third has what it runs forwards optimized."""


class Products(nn.Module):
    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return torch.tanh(x * y) * y + x


class Branches(nn.Module):
    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        z = torch.sigmoid(x * y) + y
        if bool(z.sum() > 0):
            z = z * 2
        return torch.tanh(z) * x


class Lists(nn.Module):
    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        z = torch.cat([x, y * x], 0) * 2
        return torch.stack([z, z.exp()], 1).relu(), z


class Detached(nn.Module):
    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        a = x * 2 + 1
        b = y * 3 + a.detach()
        return a.relu(), b.sigmoid(), x > 0


class Views(nn.Module):
    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        z = x * y
        return z.t().exp() * 2, x.view(-1) * 1.0


class Layers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.linear = nn.Linear(4, 5)
        self.batch = nn.BatchNorm1d(5)
        self.layer = nn.LayerNorm(5)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        z = nn.functional.gelu(self.batch(self.linear(x * y)))
        return torch.log_softmax(self.layer(nn.functional.hardswish(z)), 1).mean()


class Dropped(nn.Module):
    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return torch.dropout(x * y, 0.5, self.training) + y


PROGRAMS = (Products, Branches, Lists, Detached, Views, Layers, Dropped)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        # TorchScript is deprecated as a whole.
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def both(module: nn.Module) -> list[tuple[Any, Any]]:
    """The module as torch runs it and as ours does, each with the library that it is of."""
    archive = io.BytesIO()
    torch.jit.save(torch.jit.script(module), archive)
    return [(library, library.load(io.BytesIO(archive.getvalue()))) for library in (torch.jit, jitcore)]


def inputs(*needed: bool) -> list[Tensor]:
    generator = torch.Generator().manual_seed(3)
    tensors = [torch.randn(3, 4, generator=generator), torch.randn(3, 4, generator=generator)]
    return [one.requires_grad_(need) for one, need in zip(tensors, needed or (True, True), strict=True)]


def results_of(value: Any) -> list[Tensor]:
    return [value] if isinstance(value, Tensor) else list(value)


def compare(module: nn.Module, work: Callable[[Any, Any, int], Any]) -> None:
    """What `work` gives of library, module and number of the run must be the same for both, run after run."""
    found = [[work(library, one, number) for number in range(RUNS)] for library, one in both(module)]
    for number, (theirs, ours) in enumerate(zip(*found, strict=True)):
        difference = first_difference(ours, theirs, f"run {number}")
        assert not difference, difference


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("place", [0, -1], ids=["first result", "last result"])
def test_gradients(program: type[nn.Module], place: int):
    def work(library: Any, module: Any, number: int) -> Any:
        given = inputs()
        torch.manual_seed(number)
        result = results_of(module(*given))
        texts = [str(library.last_executed_optimized_graph())]
        chosen = result[place]
        if chosen.requires_grad:
            chosen.sum().backward()
            texts.append(str(library.last_executed_optimized_graph()))
        slopes = [p.grad for p in module.parameters()]
        return result, [t.requires_grad for t in result], [t.grad for t in given], slopes, texts

    compare(program(), work)


@pytest.mark.parametrize("program", [Products, Branches, Lists])
def test_gradients_of_gradients(program: type[nn.Module]):
    def work(library: Any, module: Any, number: int) -> Any:
        given = inputs()
        result = results_of(module(*given))[0]
        first = torch.autograd.grad(result.sum(), given, create_graph=True)
        (first[0].pow(2).sum() + first[1].sum()).backward()
        return [t.grad for t in given]

    compare(program(), work)


def test_numbers_confirm_gradients_of_both_orders():
    _, (_, module) = both(Products())
    given = [t.detach().double().requires_grad_() for t in inputs()]
    for _ in range(3):
        module(*given)
    assert torch.autograd.gradcheck(module, given)
    assert torch.autograd.gradgradcheck(module, given)


def test_a_run_without_the_gradients_that_were_noted_falls_back():
    found: list[list[Tensor]] = []
    for _, module in both(Products()):
        for _ in range(3):
            module(*inputs())
        given = inputs(True, False)
        result = module(*given)
        result.sum().backward()
        assert given[0].grad is not None
        assert given[1].grad is None
        found.append([result, given[0].grad])
    # What is fallen back on may be computed by formulas or by autograd, which round otherwise.
    torch.testing.assert_close(found[1], found[0])


def test_a_group_is_differentiated_where_gradients_are_off_too():
    # What requires gradients is all that the guard asks, in torch as well.
    def work(library: Any, module: Any, number: int) -> Any:
        with torch.set_grad_enabled(number < 2):
            result = module(*inputs())
        return result, result.requires_grad

    compare(Products(), work)


def test_what_is_needed_and_was_written_to_is_refused():
    def work(library: Any, module: Any, number: int) -> Any:
        given = inputs()
        between = given[0] * 1
        result = module(between, given[1])
        between.add_(1)
        with pytest.raises(RuntimeError, match="has been modified by an inplace operation") as refused:
            result.sum().backward()
        return str(refused.value).partition(", which is output")[0]

    compare(Products(), work)


def test_a_result_that_nobody_asks_for_leaves_zeros():
    def work(library: Any, module: Any, number: int) -> Any:
        given = inputs()
        module(*given)[0].sum().backward()
        return [t.grad for t in given]

    compare(Detached(), work)


def test_saved_tensors_are_let_go_after_the_gradients():
    _, (_, module) = both(Products())
    for _ in range(3):
        result = module(*inputs())
    result.sum().backward()
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        result.sum().backward()
    assert type(result.grad_fn).__name__ == "DifferentiableGraphBackward"


def test_other_undefined_gradients_are_specialized_once():
    source = """
def f(x, y):
    a = torch.tanh(x * y)
    b = torch.sigmoid(a) * x
    return a, b
"""
    function = jitcore.CompilationUnit(source).f._function
    executors = Executors(Interpreter())

    def backward(both: bool) -> None:
        x, y = (torch.ones(3, requires_grad=True) for _ in range(2))
        a, b = executors.run(function, [x, y])
        (a.sum() + b.sum() if both else a.sum()).backward()

    for both in (*[True] * 4, *[False] * 20):
        backward(both)
    optimized = executors.executor_of(function).optimized
    assert optimized is not None
    [operator] = executors.operators_in(optimized.graph)
    levels, pending = 0, [operator.backward]
    while pending:
        executor = pending.pop()
        levels += executor.profiled is not None
        pending += executor._fallbacks.values()
    assert levels == 2
