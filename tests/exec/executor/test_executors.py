"""What is interpreted leaves nothing behind for the executors."""

import torch

import jitcore
from jitcore.exec.executor.settings import SETTINGS


def helped(x: torch.Tensor) -> torch.Tensor:
    twice = [x + x, x + x]
    return x * 3 + twice[0].sum() + twice[1].sum()


def helping(x: torch.Tensor) -> torch.Tensor:
    return helped(x) - 1


def test_what_is_interpreted_is_inlined_later_as_if_it_had_not_run():
    ours = jitcore.script(helping)
    x = torch.ones(3)
    with SETTINGS.interpreting():
        assert torch.equal(ours(x), helping(x))
        assert torch.equal(ours(x), helping(x))
    theirs = torch.jit.script(helping)
    assert str(ours.inlined_graph) == str(theirs.inlined_graph)
    with torch.no_grad():
        for _ in range(2):
            ours(x)
            theirs(x)
            assert str(jitcore.last_executed_optimized_graph()) == str(
                torch.jit.last_executed_optimized_graph()
            )
