"""All graphs of an executor, and the guards that stand in them."""

from __future__ import annotations

import warnings

import pytest
import torch

import jitcore
from jitcore.exec.executor.executors import Executors
from jitcore.exec.executor.stage_tree import guards_of, stages_of
from jitcore.exec.interpreter import Interpreter
from jitcore.printing import graph_text, parse_graph

SOURCE = """
def f(x):
    return (x + 1).relu() * 2
"""

GUARDED = """graph(%x : Tensor, %y : Tensor):
  %a : Float(2, 8), %b : Float(3, 8), %ok : bool = prim::TypeCheck[types=[Float(2, 8), Float(3, 8)]](%x, %y)
  %z : Tensor = prim::If(%ok)
    block0():
      %in : Tensor = aten::relu(%a)
      -> (%in)
    block1():
      %grad : bool = prim::RequiresGradCheck[types=[Float(requires_grad=0)]](%y)
      -> (%y)
  return (%z)
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


def test_guards_are_told_with_what_they_ask_for() -> None:
    checked, grad = guards_of(parse_graph(GUARDED))
    assert checked.kind == "prim::TypeCheck"
    assert checked.wanted.startswith("%x : Float(2, 8")
    assert "%y : Float(3, 8" in checked.wanted
    assert grad.kind == "prim::RequiresGradCheck"
    assert grad.wanted.startswith("%y : ")
    assert checked.held is checked.failed is None
    assert checked.reasons == ()


def test_what_nothing_guards_has_no_guards() -> None:
    with torch.no_grad():
        assert [stage.guards for stage in executed(3)] == [()] * 3
