"""All graphs of an executor, and those that its guards fall back to below them."""

from __future__ import annotations

import warnings

import pytest
import torch

import jitcore
from jitcore.exec.executor.executors import Executors
from jitcore.exec.executor.settings import SETTINGS
from jitcore.exec.executor.specialisations import GuardRecord, Specialisation
from jitcore.exec.executor.stage_tree import ExecutedStage, add_stages, stages_of
from jitcore.exec.interpreter import Interpreter
from jitcore.ir import Graph
from jitcore.printing import graph_text

SOURCE = """
def f(x):
    return (x + 1).relu() * 2
"""


def executed(runs: int) -> list[ExecutedStage]:
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
    assert [stage.runs for stage in stages] == [0, 1, 1][:len(kinds)]  # fmt: skip


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


def test_what_nothing_guards_has_no_guards() -> None:
    with torch.no_grad():
        assert [(stage.guards, stage.shapes) for stage in executed(3)] == [((), "")] * 3


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
    assert (first.kind, first.passed, first.failed) == ("prim::TypeCheck", 2, 3)
    assert [kind.startswith("Float(2, ") for _, kind in first.expected] == [True]
    assert [count for _, count in first.reasons] == [3]
    [second] = stages[4].guards
    assert (second.passed, second.failed) == (2, 0)


def test_one_guard_of_two_groups_stands_for_both():
    source = """
def f(x):
    z = (x + 1).relu() * 2
    print(z.size(0))
    w = (x * 3).tanh() + x
    return z, w
"""
    function = jitcore.CompilationUnit(source).f._function
    with torch.no_grad(), SETTINGS.fusing_on_cpu((("STATIC", 2),)):
        executors = Executors(Interpreter(print_text=lambda _: None))
        for size in (2, 2, 2, 3):
            executors.run(function, [torch.ones(size)])
        [guard] = executors.executor_of(function).specialisations().guards
    assert (guard.passed, guard.failed) == (2, 1)
    assert guard.fallback is not None
    assert guard.fallback.profiled_runs == 1


def test_what_guards_fall_back_to_stands_below_their_graph() -> None:
    last = Specialisation(None, 0, None, 0, Graph(), 1, ())
    inner = Specialisation("DYNAMIC", 1, Graph(), 1, Graph(), 4, (_guard(last), _guard(None)))
    outer = Specialisation("STATIC", 2, Graph(), 1, Graph(), 9, (_guard(None), _guard(inner)))
    found: list[ExecutedStage] = []
    add_stages(outer, -1, found)
    assert [(stage.kind, stage.parent, stage.runs) for stage in found] == [
        ("profiled", -1, 1), ("optimized", -1, 9), ("profiled", 1, 1), ("optimized", 1, 4),
        ("optimized", 3, 1),
    ]  # fmt: skip
    assert [stage.shapes for stage in found] == [
        "", "for the sizes that were noted", "", "for tensors of any size", "",
    ]  # fmt: skip
    assert [len(stage.guards) for stage in found] == [0, 2, 0, 2, 0]


def _guard(fallback: Specialisation | None) -> GuardRecord:
    return GuardRecord(3, "prim::TypeCheck", (("x", "Float(2)"),), 5, 1, (("%x is Float(3)", 1),), fallback)
