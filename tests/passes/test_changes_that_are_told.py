"""Passes say that they changed a graph only where its text is another one, and then leave it alone."""

from collections.abc import Callable

import pytest
import torch

from jitcore.exec import evaluator
from jitcore.passes import PassContext, find_pass
from jitcore.printing import graph_text, parse_graph


def small(x: torch.Tensor) -> torch.Tensor:
    y = torch.relu(x + 1)
    return torch.neg(y) * 2


def branching(x: torch.Tensor, n: int) -> torch.Tensor:
    y = x
    if n > 1:
        y = torch.relu(x * 2) + 1
    y.add_(2)
    return y


def unpacking(x: torch.Tensor) -> torch.Tensor:
    a, b = [x, x + 1]
    return a - b


def growing(x: torch.Tensor, n: int) -> torch.Tensor:
    y = x
    for _ in range(n):
        y = torch.cat([y, x.unsqueeze(0).to(torch.float64)[0]])
    return y


def long(x: torch.Tensor) -> torch.Tensor:
    y = torch.relu(x + 1) * 2 - x
    z = torch.tanh(torch.neg(y) + 1) * y
    x.add_(1)
    return z


PROGRAMS: tuple[Callable[..., torch.Tensor], ...] = (small, branching, unpacking, growing, long)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["create-functional-graphs", "peephole-list-idioms"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_what_is_told_is_what_happened(name: str, program: Callable[..., torch.Tensor]):
    theirs = torch._C.parse_ir(str(torch.jit.script(program).graph)).copy()
    mine = parse_graph(str(theirs)).copy()
    chosen = find_pass(name)()
    for _ in range(3):
        before = graph_text(mine)
        changed = chosen.run(mine, PassContext(evaluator()))
        assert changed == (graph_text(mine) != before)
        getattr(torch._C, chosen.counterpart)(theirs)
        assert graph_text(mine) == str(theirs)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("program", PROGRAMS)
def test_shapes_that_are_known_are_not_told_again(program: Callable[..., torch.Tensor]):
    mine = parse_graph(str(torch.jit.script(program).graph))
    assert find_pass("complete-shape-analysis")("Float(3)").run(mine, PassContext(evaluator()))
    known = graph_text(mine)
    assert not find_pass("complete-shape-analysis")().run(mine, PassContext(evaluator()))
    assert graph_text(mine) == known
