"""Groups of what can be differentiated, held against libtorch's, and programs that gradients flow through."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest
import torch

import jitcore
from jitcore.ir import verify
from jitcore.passes.execution.gradient_groups import gather_differentiable
from jitcore.printing import graph_text, parse_graph

VIEW_BEHIND = """graph(%x : Tensor):
  %1 : Tensor = aten::exp(%x)
  %2 : Tensor = aten::t(%1)
  %3 : Tensor = aten::erfinv(%2)
  return (%3)
"""
VIEW_OF_INPUT = """graph(%x : Tensor):
  %1 : Tensor = aten::t(%x)
  %2 : Tensor = aten::erfinv(%1)
  %3 : Tensor = aten::exp(%2)
  return (%3)
"""
VIEW_READ_TWICE = """graph(%x : Tensor):
  %1 : Tensor = aten::t(%x)
  %2 : Tensor = aten::exp(%1)
  %3 : Tensor = aten::erfinv(%1)
  %4 : Tensor = aten::mul(%3, %2)
  return (%4)
"""
VIEWS_WITH_CONSTANT = """graph(%x : Tensor):
  %9 : int = prim::Constant[value=1]()
  %1 : Tensor = aten::unsqueeze(%x, %9)
  %2 : Tensor = aten::unsqueeze(%1, %9)
  %3 : Tensor = aten::erfinv(%2)
  return (%3, %1)
"""
TWO_ALIASES = """graph(%x : Tensor):
  %9 : int = prim::Constant[value=1]()
  %1 : Tensor = aten::exp(%x)
  %2 : Tensor = aten::t(%1)
  %3 : Tensor = aten::erfinv(%2)
  %4 : Tensor = aten::erfinv(%1)
  %5 : Tensor = aten::add(%3, %4, %9)
  return (%5)
"""
TOO_FEW = """graph(%x : Tensor):
  %1 : Tensor = aten::erfinv(%x)
  %2 : Tensor = aten::exp(%1)
  return (%2)
"""
IN_BRANCHES = """graph(%x : Tensor, %c : bool):
  %1 : Tensor = aten::exp(%x)
  %6 : Tensor = aten::erfinv(%1)
  %7 : Tensor = aten::exp(%6)
  %2 : Tensor = prim::If(%c)
    block0():
      %8 : Tensor = aten::exp(%7)
      %3 : Tensor = aten::erfinv(%8)
      %4 : Tensor = aten::exp(%3)
      -> (%4)
    block1():
      %5 : Tensor = aten::relu(%1)
      %9 : Tensor = aten::tanh(%5)
      -> (%9)
  return (%2)
"""
PROFILED = """graph(%x : Tensor):
  %1 : Tensor = prim::profile[profiled_type=Tensor, seen_none=0](%x)
  %2 : Tensor = aten::exp(%1)
  %3 : Tensor = prim::profile[profiled_type=Tensor, seen_none=0](%2)
  %4 : Tensor = aten::view(%3, %5)
  return (%4)
""".replace("graph(%x : Tensor):", "graph(%x : Tensor, %5 : int[]):")
WRITTEN_BETWEEN = """graph(%x : Tensor, %y : Tensor):
  %9 : int = prim::Constant[value=1]()
  %1 : Tensor = aten::exp(%x)
  %2 : Tensor = aten::mul(%1, %y)
  %3 : Tensor = aten::add_(%y, %x, %9)
  %4 : Tensor = aten::mul(%2, %y)
  %5 : Tensor = aten::relu(%4)
  return (%5)
"""

TEXTS = {name: text for name, text in list(globals().items()) if name.isupper()}


@pytest.mark.parametrize("fewest", [1, 2, 3])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_groups_are_libtorchs(text: str, fewest: int):
    # Copies, since parsers number values each in its way.
    theirs = torch._C.parse_ir(text).copy()
    torch._C._jit_pass_create_autodiff_subgraphs(theirs, fewest)
    ours = parse_graph(text).copy()
    gather_differentiable(ours, fewest)
    assert graph_text(ours) == str(theirs)
    verify(ours)


@pytest.fixture
def _plainly() -> Iterator[None]:
    with warnings.catch_warnings(), torch.enable_grad():
        warnings.simplefilter("ignore")
        yield


PROGRAMS = {
    "alone": "def f(x, y):\n    return torch.erfinv(x.sigmoid() * 0.5), y.t()\n",
    "branch": """
def f(x, y):
    if bool(x.sum() > 0):
        z = torch.cumsum(x.relu(), 0)
    else:
        z = torch.cumsum(y, 0) * 2
    return z, x.size(0)
""",
    "lists": """
def f(x, y):
    parts = [x]
    parts.append(y + 1)
    parts[0] = parts[0] * 2
    return torch.stack(parts).unbind(0), torch.cumsum(x, 0)
""",
    "together": "def f(x, y):\n    z = (x * y + 1).tanh()\n    return z @ x, z.sum()\n",
}


@pytest.mark.usefixtures("_plainly")
@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS)
def test_gradients_flow_through_every_stage_as_in_torch(source: str):
    theirs, ours = torch.jit.CompilationUnit(source).f, jitcore.CompilationUnit(source).f
    for size in (3, 4, 5, 3):
        x, y = torch.rand(size, size), torch.rand(size, size)
        found: list[list[torch.Tensor | None]] = []
        wanted = ""
        for side in (theirs, ours):
            given = [value.clone().requires_grad_() for value in (x, y)]
            result = _sum(side(*given))
            if side is theirs:
                # Before torch runs a graph of its own for the gradients.
                wanted = str(torch.jit.last_executed_optimized_graph())
            found.append([result, *torch.autograd.grad(result, given, allow_unused=True)])
        torch.testing.assert_close(found[1], found[0])
        if "prim::DifferentiableGraph" not in wanted:
            assert str(jitcore.last_executed_optimized_graph()) == wanted


def _sum(result: object) -> torch.Tensor:
    if isinstance(result, torch.Tensor):
        return result.sum()
    if isinstance(result, (tuple, list)):
        return torch.stack([_sum(part) for part in result]).sum()
    return torch.zeros(())
