"""What is fused on the CPU: guards let nothing wrong pass, and all that they decide is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

import jitcore
from jitcore.exec.executor.executors import Executors
from jitcore.exec.executor.settings import SETTINGS
from jitcore.exec.guard_tally import OTHERS, GuardTally
from jitcore.exec.interpreter import Interpreter
from jitcore.ir import Function

CHAIN = """
def f(x, y):
    z = (x + y).relu() * x
    return z, z.sum() + y
"""

SIZES = """
def f(x, y):
    a, b = torch.chunk(x * y, 2, 1)
    c = (a.sigmoid() + b).unsqueeze(0).tanh() * 2
    return c, a.size(), b.size(), (x * y).size()
"""

IN_PLACE = """
def f(x, y):
    z = x * 2 + y
    z.add_(1)
    w = z.relu() - y
    x.mul_(3)
    return z, w, x.neg().exp()
"""


@pytest.fixture(autouse=True)
def _fusing() -> Iterator[None]:
    before = SETTINGS.fuses_on_cpu, SETTINGS.strategy
    SETTINGS.fuses_on_cpu = True
    with torch.no_grad():
        yield
    SETTINGS.fuses_on_cpu, SETTINGS.strategy = before


def compiled(source: str) -> Function:
    return jitcore.CompilationUnit(source).f.compiled


class Trial:
    """Runs of one program through an executor, each compared with the program as it was written."""

    def __init__(self, source: str) -> None:
        self.executors = Executors(Interpreter())
        self.function = compiled(source)

    def run(self, *inputs: Any) -> None:
        copies = [each.detach().clone().requires_grad_(each.requires_grad) for each in inputs]
        expected = Interpreter().call(self.function, copies)
        found = self.executors.run(self.function, inputs)
        torch.testing.assert_close(found, expected, rtol=0, atol=0)
        torch.testing.assert_close(list(inputs), copies, rtol=0, atol=0)

    @property
    def made(self) -> Any:
        return self.executors.executor_of(self.function).specialisations()


def matrix(rows: int = 3) -> torch.Tensor:
    return torch.rand(rows, 4) - 0.5


def test_a_tree_of_specialisations_grows_while_shapes_vary():
    trial = Trial(CHAIN)
    assert trial.made.profiled is None
    for rows in (3, 3, 3, 5, 5, 7, 5, 3):
        trial.run(matrix(rows), matrix(rows))
    first = trial.made
    assert (first.behavior, first.remaining) == ("STATIC", 11)
    assert (first.profiled_runs, first.optimized_runs) == (1, 7)
    [guard] = first.guards
    assert (guard.passed, guard.failed) == (3, 4)
    expected = "Float(3, 4, strides=[4, 1], requires_grad=0, device=cpu)"
    assert [kind for _, kind in guard.expected] == [expected, expected]
    assert guard.reasons == (
        ("%x.1 has the sizes [5, 4], not [3, 4]", 3),
        ("%x.1 has the sizes [7, 4], not [3, 4]", 1),
    )
    second = guard.fallback
    assert (second.behavior, second.remaining) == ("STATIC", 10)
    assert (second.profiled_runs, second.optimized_runs) == (1, 3)
    [inner] = second.guards
    assert (inner.passed, inner.failed) == (2, 1)
    assert inner.fallback.profiled_runs == 1
    assert inner.fallback.guards == ()


def test_the_last_of_a_chain_is_not_specialized():
    SETTINGS.strategy = (("STATIC", 1),)
    trial = Trial(CHAIN)
    for rows in (3, 3, 5, 5, 6):
        trial.run(matrix(rows), matrix(rows))
    [guard] = trial.made.guards
    assert (guard.passed, guard.failed) == (1, 3)
    last = guard.fallback
    assert (last.behavior, last.remaining, last.profiled, last.optimized_runs) == (None, 0, None, 3)
    assert last.guards == ()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: matrix(5), "has the sizes [5, 4], not [3, 4]"),
        (lambda: matrix().double(), "is of float64, not float32"),
        (lambda: torch.ones(3, 4, dtype=torch.int32), "is of int32, not float32"),
        (lambda: torch.rand(4, 3).t(), "has the strides [1, 3], not [4, 1]"),
        (lambda: torch.rand(3, 8)[:, ::2], "has the strides [8, 2], not [4, 1]"),
        (lambda: torch.rand(4).expand(3, 4), "has the strides [0, 1], not [4, 1]"),
        (lambda: matrix().to_sparse(), "is sparse_coo, not strided"),
        (lambda: torch.rand(1, 4), "has the sizes [1, 4], not [3, 4]"),
        (lambda: torch.tensor(2.0), "has the sizes [], not [3, 4]"),
    ],
)  # fmt: skip
def test_what_is_otherwise_takes_the_fallback(make: Callable[[], torch.Tensor], reason: str):
    trial = Trial("def f(x):\n    return x * 2 * x\n")
    for _ in range(3):
        trial.run(matrix())
    for _ in range(3):
        trial.run(make())
    [guard] = trial.made.guards
    assert (guard.passed, guard.reasons) == (2, ((f"%x.1 {reason}", 3),))


def test_gradients_take_the_fallback_and_are_right():
    trial = Trial(CHAIN)
    for _ in range(3):
        trial.run(matrix(), matrix())
    x, y = matrix().requires_grad_(), matrix()
    trial.run(x, y)  # nothing is recorded here
    with torch.enable_grad():
        for _ in range(3):
            trial.run(x, y)
            found, _ = trial.executors.run(trial.function, [x, y])
            (gradient,) = torch.autograd.grad(found.sum(), x)
            (wanted,) = torch.autograd.grad(((x + y).relu() * x).sum(), x)
            torch.testing.assert_close(gradient, wanted)
    [guard] = trial.made.guards
    assert guard.reasons == (("%x.1 requires a gradient", 6),)


@pytest.mark.parametrize("source", [CHAIN, SIZES, IN_PLACE], ids=["chain", "sizes", "in place"])
def test_values_are_those_of_the_program_as_written(source: str):
    trial = Trial(source)
    for rows in (3, 3, 4, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 3):
        trial.run(matrix(rows), matrix(rows))
    for rows in (3, 4):
        shared = matrix(rows)
        trial.run(shared, shared.clone())


def test_reasons_beyond_a_hundred_are_counted_together():
    tally = GuardTally()
    for number in range(150):
        tally.fail(f"reason {number}")
    assert tally.failed == 150
    assert tally.reasons[OTHERS] == 50


def test_a_group_for_all_sizes_lets_other_sizes_pass():
    SETTINGS.strategy = (("DYNAMIC", 2),)
    trial = Trial(CHAIN)
    for rows in (3, 3, 5, 7, 1):
        trial.run(matrix(rows), matrix(rows))
    trial.run(matrix(5), matrix(5)[:1])
    trial.run(torch.rand(4, 5).t(), matrix(5))
    trial.run(torch.rand(2, 5, 4), matrix(5))
    trial.run(matrix().requires_grad_(), matrix())
    first = trial.made
    assert (first.behavior, first.remaining) == ("DYNAMIC", 1)
    [guard] = first.guards
    assert guard.passed == 4
    assert [kind for _, kind in guard.expected] == ["Float(*, *, requires_grad=0, device=cpu)"] * 2
    assert dict(guard.reasons) == {
        "%y.1 has the size 1 in dimension 0, not 5": 1,
        "%x.1 has the strides [1, 5], which are not TENSOR_CONT": 1,
        "%x.1 has 3 dimensions, not 2": 1,
        "%x.1 requires a gradient": 1,
    }


@pytest.mark.parametrize("source", [CHAIN, SIZES, IN_PLACE], ids=["chain", "sizes", "in place"])
def test_values_of_groups_for_all_sizes_are_those_of_the_program_as_written(source: str):
    SETTINGS.strategy = (("DYNAMIC", 3),)
    trial = Trial(source)
    for rows in (3, 3, 4, 1, 5, 2, 3):
        trial.run(matrix(rows), matrix(rows))
        trial.run(torch.rand(4, rows).t(), matrix(rows))
    trial.run(matrix(4), matrix(1).expand(4, 4))
