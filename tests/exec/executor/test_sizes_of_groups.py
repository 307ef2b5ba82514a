"""Sizes read of what a fused group computes are right, also where torch's fuser gets them wrong."""

from __future__ import annotations

import pytest
import torch

import jitcore
from jitcore.exec.executor.settings import SETTINGS, USUAL_STRATEGY, FusionStrategy

PROGRAM = """
def of_another_dtype(x, y):
    n = x.type_as(y)
    return n.relu() * 2, n.size()

def normalized(x, w, b, m, v):
    n = torch.batch_norm(x, w, b, m, v, False, .1, 1e-5, False)
    return n.relu() * 2, n.size()

def added(x, y):
    n = x + y
    return n.relu() * 2, n.size()

def of_both(x, y):
    n = x.type_as(y)
    m = (n + y).type_as(x)
    return m.relu() * 2, n.size(), m.size()
"""

CHANNELS = (torch.ones(4), torch.zeros(4), torch.zeros(4), torch.ones(4))


@pytest.mark.parametrize("strategy", [USUAL_STRATEGY, (("DYNAMIC", 10),)], ids=["static", "dynamic"])
@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        ("of_another_dtype", (torch.arange(4.0), torch.ones(3, 4, dtype=torch.float64))),
        ("of_another_dtype", (torch.arange(12.0).reshape(3, 4), torch.ones(5, dtype=torch.float64))),
        ("normalized", (torch.arange(24.0).reshape(2, 4, 3, 1), *CHANNELS)),
        ("normalized", (torch.arange(512.0).reshape(2, 4, 8, 8), *CHANNELS)),
        ("added", (torch.arange(4.0), torch.ones(3, 1))),
    ],
)
def test_sizes_in_a_group_are_those_of_its_tensors(
    name: str, inputs: tuple[torch.Tensor, ...], strategy: FusionStrategy
):
    unit = jitcore.CompilationUnit(PROGRAM)
    # What is not fused says what is right: torch's own fuser takes all tensors together.
    with torch.no_grad(), torch.jit.optimized_execution(False):
        expected = getattr(torch.jit.CompilationUnit(PROGRAM), name)(*inputs)
    with torch.no_grad(), SETTINGS.fusing_on_cpu(strategy):
        function = getattr(unit, name)
        for _ in range(4):
            found = function(*inputs)
            assert found[1] == expected[1]
            torch.testing.assert_close(found[0], expected[0])
        assert "prim::TensorExprGroup" in str(function.graph_for(*inputs))


def test_sizes_stay_right_where_a_group_was_made_for_others():
    function = jitcore.CompilationUnit(PROGRAM).of_both
    with torch.no_grad(), SETTINGS.fusing_on_cpu(USUAL_STRATEGY):
        for x, y in [((3, 4), (3, 4))] * 3 + [((4,), (3, 4)), ((3, 1), (4,)), ((2, 3, 4), (3, 4))]:
            _, of_first, of_both = function(torch.ones(x), torch.ones(y))
            assert of_first == [*x]
            assert of_both == [*torch.broadcast_shapes(x, y)]
