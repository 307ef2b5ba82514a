"""Sums and softmaxes in fused groups, where somebody asks for that: graphs and values are those of torch."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import torch

import jitcore
from jitcore.exec.executor.settings import SETTINGS
from tests.differential.agreement import first_difference
from tests.differential.executor.comparison import shown
from tests.differential.executor.fusing import fusing_on_cpu

PROGRAM = (
    "def f(x, y):\n  a = torch.softmax(x * y, -1) + x.sum(0)\n  b = torch.log_softmax(a, 0) * a\n"
    "  return (b - y).sum([0, -1], True) * b.sum(1, keepdim=True), b.sum() + a\n"
)


@pytest.fixture(autouse=True)
def _reductions() -> Iterator[None]:
    before = torch._C._jit_set_texpr_reductions_enabled(True)
    SETTINGS.fuses_reductions = True
    yield
    SETTINGS.fuses_reductions = False
    torch._C._jit_set_texpr_reductions_enabled(before)


def runs(library: Any, gradients: bool) -> list[Any]:
    with warnings.catch_warnings():
        # TorchScript is deprecated as a whole.
        warnings.simplefilter("ignore", DeprecationWarning)
        function = library.CompilationUnit(PROGRAM).f
    found: list[Any] = []
    for number in range(3):
        generator = torch.Generator().manual_seed(number)
        x, y = (torch.randn(3, 4, generator=generator).requires_grad_(gradients) for _ in range(2))
        found.append([one.detach() for one in function(x, y)])
        found.append(shown(library.last_executed_optimized_graph()))
    return found


@pytest.mark.parametrize("gradients", [False, True])
@pytest.mark.parametrize("for_all_sizes", [False, True])
def test_reductions_are_fused_as_by_torch(gradients: bool, for_all_sizes: bool) -> None:
    with fusing_on_cpu(for_all_sizes):
        ours, theirs = runs(jitcore, gradients), runs(torch.jit, gradients)
    assert not first_difference(ours, theirs, "runs")
    assert gradients or "aten::sum" in theirs[-1].split("with prim::TensorExprGroup_0")[-1]
