"""Random programs whose inputs require gradients: graphs, values and gradients are those of torch."""

from __future__ import annotations

import random
import warnings
from typing import Any

import pytest
import torch
from torch import Tensor

import jitcore
from tests.differential.agreement import first_difference
from tests.differential.executor.comparison import shown
from tests.differential.executor.fusing import fusing_on_cpu

RUNS = 4

OF_ONE = (
    "torch.tanh({a})", "torch.sigmoid({a})", "{a}.relu()", "torch.exp({a} * 0.1)", "{a} * 2.0", "1 - {a}",
    "-{a}", "torch.softmax({a}, -1)", "{a}.t().contiguous().t()", "{a}.clamp(-1., 1.)", "{a}.mean(0) + {a}",
    "{a} / 3", "{a}.sum(1, keepdim=True) + {a}", "{a}.unsqueeze(0).squeeze(0)", "torch.asinh({a})",
    "{a}.view(12).view(3, 4)", "torch.layer_norm({a}, [4])", "{a}.detach() * 1.5", "{a}.pow(2)",
    "torch.sqrt({a} * {a} + 1)", "{a}.flip(0)",
)  # fmt: skip
OF_TWO = (
    "{a} + {b}", "{a} * {b}", "{a} - {b}", "{a} / ({b} * {b} + 1)", "torch.mm({a}, {b}.t()).mm({b})",
    "torch.where({a} > 0, {a}, {b})", "torch.max({a}, {b})", "torch.stack([{a}, {b}]).sum(0)",
    "torch.matmul({a}, {b}.transpose(0, 1)).matmul({b})", "torch.lerp({a}, {b}, 0.3)", "{a} * {b}.mean()",
)  # fmt: skip


def program(choose: random.Random) -> str:
    known, lines = ["x", "y"], ["def f(x, y):"]
    for number in range(choose.randint(4, 9)):
        made = f"v{number}"
        lines.append(f"  {made} = {expression(choose, known)}")
        if choose.random() < 0.15:
            lines.append(f"  if bool({made}.sum() > {choose.choice((0, 100, -100))}):")
            lines.append(f"    {made} = {expression(choose, known)}")
        known.append(made)
    return "\n".join([*lines, f"  return {known[-1]}, {choose.choice(known)}"]) + "\n"


def expression(choose: random.Random, known: list[str]) -> str:
    form = choose.choice(OF_ONE if choose.random() < 0.55 else OF_TWO)
    return form.format(a=choose.choice(known[-4:]), b=choose.choice(known))


def runs(library: Any, source: str, needs: bool) -> list[Any]:
    function = library.CompilationUnit(source).f
    found: list[Any] = []
    for number in range(RUNS):
        generator = torch.Generator().manual_seed(number)
        x, y = torch.randn(3, 4, generator=generator), torch.randn(3, 4, generator=generator)
        given: list[Tensor] = [x.requires_grad_(), y.requires_grad_(needs)]
        result, _ = function(*given)
        texts = [shown(library.last_executed_optimized_graph())]
        if result.requires_grad:
            result.sum().backward()
            texts.append(shown(library.last_executed_optimized_graph()))
        found.append((result.detach(), [one.grad for one in given], texts))
    return found


def check(seed: int) -> str:
    """Hold both sides against each other, and give the last graph that was executed."""
    choose = random.Random(seed)
    source, needs = program(choose), choose.random() < 0.8
    with warnings.catch_warnings():
        # TorchScript is deprecated as a whole.
        warnings.simplefilter("ignore", DeprecationWarning)
        theirs, ours = (runs(library, source, needs) for library in (torch.jit, jitcore))
    difference = first_difference(ours, theirs, "runs")
    assert not difference, f"{source}\n{difference}"
    return theirs[-1][2][-1]


# In the last two, views of what a group gives are taken out of it, and read constants.
@pytest.mark.parametrize("seed", [*range(24), 50, 54])
def test_random_programs(seed: int):
    check(seed)


@pytest.mark.parametrize("for_all_sizes", [False, True])
def test_random_programs_with_fusion(for_all_sizes: bool):
    """Groups within differentiated graphs, forward and backward."""
    # In the first four gradients go to one of two tensors, by masks that get the dtype of a gradient.
    with fusing_on_cpu(for_all_sizes):
        last = [check(seed) for seed in (6, 14, 27, 47, *range(60, 74))]
    assert sum("prim::TensorExprGroup" in text for text in last) > 8
