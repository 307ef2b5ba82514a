"""Making plans may fail, be interrupted, or happen in several threads: the next call makes good ones."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, Thread, current_thread
from typing import Any

import pytest
import torch

import jitcore
from jitcore.exec.executor.executors import Executors
from jitcore.exec.executor.settings import SETTINGS
from jitcore.exec.interpreter import Interpreter
from jitcore.exec.plan import GraphPlan
from jitcore.ir import Function, Node
from jitcore.source import JitError

SOURCE = """
def f(x):
    return (x + 1).relu() * 2
"""


@pytest.fixture(autouse=True)
def _settings_are_put_back() -> Iterator[None]:
    before = SETTINGS.optimizes, SETTINGS.profiles, SETTINGS.strategy
    with torch.no_grad():
        yield
    SETTINGS.optimizes, SETTINGS.profiles, SETTINGS.strategy = before


def compiled(source: str = SOURCE) -> Function:
    return jitcore.CompilationUnit(source).f.compiled


class FailingOnce(Interpreter):
    """Fails to make the plan of a number, from 0, and makes all others."""

    def __init__(self, failing: int, error: type[BaseException]) -> None:
        super().__init__()
        self.asked = 0
        self._failing = failing
        self._error = error

    def plan_stage(self, *given: Any, **options: Any) -> GraphPlan:
        self.asked += 1
        if self.asked == self._failing + 1:
            raise self._error
        return super().plan_stage(*given, **options)


@pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt])
@pytest.mark.parametrize(
    ("settings", "failing"),
    [
        ({}, 0),
        ({}, 1),
        ({"strategy": ()}, 0),
        ({"optimizes": False}, 0),
        ({"profiles": False}, 0),
    ],
    ids=["profiling", "optimized", "not specialized", "not optimized", "not profiled"],
)
def test_a_plan_that_could_not_be_made_is_made_by_the_next_call(
    settings: dict[str, Any], failing: int, error: type[BaseException]
) -> None:
    for name, value in settings.items():
        setattr(SETTINGS, name, value)
    interpreter = FailingOnce(failing, error)
    executors, function, x = Executors(interpreter), compiled(), torch.linspace(-2, 2, 4)
    failures = 0
    for _ in range(5):
        try:
            found = executors.run(function, [x])
        except error:
            failures += 1
        else:
            assert torch.equal(found, (x + 1).relu() * 2)
    assert failures == 1
    specializes = not settings
    made = executors.executor_of(function).specialisations()
    assert (made.profiled_runs, made.optimized_runs) == {
        (True, 0): (1, 3), (True, 1): (1, 3), (False, 0): (0, 4 if "strategy" in settings else 0),
    }[specializes, failing]  # fmt: skip
    assert interpreter.asked == (3 if specializes else 2)


def test_what_strict_fusion_refuses_leaves_no_fallbacks_behind() -> None:
    source = """
def f(x):
    with torch.jit.strict_fusion():
        z = (x + 1).relu() * 2
        return (z.cumsum(0) + 1).tanh() * 2
"""
    with SETTINGS.fusing_on_cpu((("STATIC", 2),)):
        executors, function = Executors(Interpreter()), compiled(source)
        executors.run(function, [torch.ones(3)])
        for _ in range(3):
            with pytest.raises(JitError, match="Found multiple fusions"):
                executors.run(function, [torch.ones(3)])
        assert executors.executor_of(function)._fallbacks == {}


class Pausing(Interpreter):
    """Stops in the middle of the first plan that a thread called "paused" makes, until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.stopped, self.goes_on = Event(), Event()

    def constant(self, node: Node) -> object:
        if current_thread().name == "paused":
            self.stopped.set()
            assert self.goes_on.wait(60)
        return super().constant(node)


def test_a_plan_that_another_thread_makes_changes_nothing_of_a_run() -> None:
    interpreter = Pausing()
    executors, x = Executors(interpreter), torch.linspace(-2, 2, 4)
    paused, other = compiled(), compiled("def f(x):\n    return (x * 3).tanh() + 1\n")
    results: list[torch.Tensor] = []

    def calls() -> None:
        with torch.no_grad():
            results.extend(executors.run(paused, [x]) for _ in range(3))

    thread = Thread(target=calls, name="paused")
    thread.start()
    assert interpreter.stopped.wait(60)
    for _ in range(3):
        assert torch.equal(executors.run(other, [x]), (x * 3).tanh() + 1)
    interpreter.goes_on.set()
    thread.join()
    assert interpreter.observer is None
    assert all(torch.equal(one, (x + 1).relu() * 2) for one in results)
    for function in (paused, other):
        made = executors.executor_of(function).specialisations()
        assert (made.profiled_runs, made.optimized_runs) == (1, 2)


def differentiated(executors: Executors, source: str) -> int:
    """Run a function three times and backwards; says how many of its graphs were differentiated."""
    function = compiled(source)
    for _ in range(3):
        x = torch.linspace(-2, 2, 4, requires_grad=True)
        with torch.enable_grad():
            executors.run(function, [x, torch.ones(4)]).sum().backward()
        assert x.grad is not None
    return len(executors.operators_in(executors.executor_of(function).plan().graph))


def test_executors_of_one_interpreter_know_nothing_of_each_other() -> None:
    interpreter = Interpreter()
    executors, later = Executors(interpreter), Executors(interpreter)
    source = "def f(x, y):\n    return torch.tanh(x * y) * torch.sigmoid(x)\n"
    assert differentiated(later, source) == 1
    assert differentiated(executors, source) == 1
    del later
    assert differentiated(executors, source) == 1
