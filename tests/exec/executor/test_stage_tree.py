"""All graphs of an executor, and the guards that stand in them."""

from __future__ import annotations

import warnings

import pytest
import torch

import jitcore
from jitcore.exec.executor.executors import Executors
from jitcore.exec.executor.settings import SETTINGS
from jitcore.exec.executor.stage_tree import stages_of
from jitcore.exec.interpreter import Interpreter
from jitcore.printing import graph_text

SOURCE = """
def f(x):
    return (x + 1).relu() * 2
"""


def executed(runs: int) -> list:
    function = jitcore.CompilationUnit(SOURCE).f._function
    executors = Executors(Interpreter())
    for _ in range(runs):
        executors.run(function, [torch.ones(2)])
    return stages_of(function, executors.executor_of(function))


@pytest.mark.parametrize(
    ("runs", "kinds"),
    [(0, ["written"]), (1, ["written", "profiled"]), (2, ["written", "profiled", "optimized"])],
)
def test_the_graphs_that_there_are_so_far(runs: int, kinds: list[str]) -> None:
    with torch.no_grad():
        stages = executed(runs)
    assert [stage.kind for stage in stages] == kinds
    assert all(stage.parent == -1 for stage in stages)


def test_the_stages_are_those_of_torch() -> None:
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = {stage.kind: graph_text(stage.graph) for stage in executed(2)}
        theirs = torch.jit.CompilationUnit(SOURCE).f
        x = torch.ones(2)
        wanted = {"written": str(theirs.inlined_graph)}
        theirs(x)
        wanted["profiled"] = str(torch.jit.last_executed_optimized_graph())
        theirs(x)
        wanted["optimized"] = str(torch.jit.last_executed_optimized_graph())
    assert {kind: text.strip() for kind, text in found.items()} == {
        kind: text.strip() for kind, text in wanted.items()
    }


def test_guards_lead_to_what_other_shapes_became() -> None:
    function = jitcore.CompilationUnit(SOURCE).f._function
    with torch.no_grad(), SETTINGS.fusing_on_cpu((("STATIC", 2),)):
        executors = Executors(Interpreter())
        for size in (2, 2, 2, 3, 3, 3):
            executors.run(function, [torch.ones(size)])
        stages = stages_of(function, executors.executor_of(function))
    told = [(stage.kind, stage.parent, stage.runs) for stage in stages]
    assert told == [
        ("written", -1, 0),
        ("profiled", -1, 1),
        ("optimized", -1, 5),
        ("profiled", 2, 1),
        ("optimized", 2, 2),
    ]
    [first] = stages[2].guards
    assert (first.kind, first.held, first.failed) == ("prim::TypeCheck", 2, 3)
    assert first.wanted.startswith("%x : Float(2, ") or first.wanted.startswith("%x.1 : Float(2, ")
    assert len(first.reasons) == 1
    assert "(3 times)" in first.reasons[0]
    [second] = stages[4].guards
    assert (second.held, second.failed) == (2, 0)


def test_what_nothing_guards_has_no_guards() -> None:
    with torch.no_grad():
        assert [stage.guards for stage in executed(3)] == [()] * 3
