"""Computing the constants of a pipeline takes bounded time, and a pass that exceeds it is given up whole."""

from pathlib import Path

import pytest

from jitcore.ir import Function
from jitcore.printing import graph_text, parse_graph
from jitcore.requests.method_request import MethodRequest
from jitcore.requests.program import Program
from jitcore.requests.resolving import resolve
from jitcore.requests.texts import graph_of
from jitcore.types import Argument, FunctionSchema
from jitviewer.commands.evaluating import LateEvaluator, without_slow_passes
from jitviewer.engine.bounded_evaluator import FoldingTimeError
from jitviewer.engine.evaluation import RemoteEvaluator
from jitviewer.engine.rewriting import Rewriting
from tests.cli.processes import jitviewer

PROGRAM = """
graph(%x : Tensor):
  %two : int = prim::Constant[value=2]()
  %three : int = prim::Constant[value=3]()
  %six : int = aten::mul(%two, %three)
  %none : NoneType = prim::Constant()
  %sizes : int[] = prim::ListConstruct(%two, %two)
  %ones : Tensor = aten::ones(%sizes, %none, %none, %none, %none)
  %y : Tensor = aten::mul(%x, %six)
  %z : Tensor = aten::add(%y, %ones, %two)
  return (%z)
"""


@pytest.fixture
def function() -> Function:
    """A function with a number and a tensor to fold."""
    graph = parse_graph(PROGRAM)
    arguments = tuple(Argument(value.name, value.type) for value in graph.inputs)
    returns = tuple(Argument("", value.type) for value in graph.outputs)
    return Function("graph", FunctionSchema("graph", "", arguments, returns), graph)


def test_a_pass_without_time_is_left_out_whole(function: Function) -> None:
    without = Rewriting(function, ["cse"], None)
    evaluate = RemoteEvaluator(seconds=0)
    rewriting = Rewriting(function, ["constant-propagation", "cse"], evaluate)
    evaluate.close()
    assert rewriting.applied == ("cse",)
    assert "took more than 0 s and was given up" in rewriting.failures["constant-propagation"]
    # Nothing of what was folded before stays, as a run of the other passes would not have it.
    assert graph_text(rewriting.graph) == graph_text(without.graph)


def test_each_pipeline_has_the_whole_time(function: Function) -> None:
    evaluate = RemoteEvaluator()
    evaluate._left = 0.0
    with pytest.raises(FoldingTimeError):
        evaluate(next(iter(function.graph.all_nodes())), FunctionSchema("aten::ones", "", (), ()), [])
    rewriting = Rewriting(function, ["constant-propagation"], evaluate)
    evaluate.close()
    assert rewriting.applied == ("constant-propagation",)
    assert "aten::ones" not in graph_text(rewriting.graph)


def test_a_command_leaves_the_pass_out_as_the_window_does(function: Function, capsys) -> None:
    late = LateEvaluator(0)
    program = Program("f", function)
    request = MethodRequest(passes=["cse", "constant-propagation", "dce"])
    text = without_slow_passes(request, lambda wanted: graph_of(resolve(program, wanted, late)))
    late.close()
    assert text == graph_of(resolve(program, MethodRequest(passes=["cse", "dce"]), None))
    assert capsys.readouterr().err == (
        "jitviewer: constant-propagation cannot rewrite this graph and was left out: "
        "computing its constants took more than 0 s and was given up\n"
    )


def test_a_command_whose_time_is_over_says_so(tmp_path: Path) -> None:
    program = tmp_path / "loop.py"
    program.write_text("while True:\n    pass\n")
    done = jitviewer("graph", f"{program}:f", "--time-limit", "0.5")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "jitviewer: the command took more than 0.5 s and was ended; allow more with --time-limit"
    ]


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "x", "1e30"])
def test_a_time_limit_is_a_number_of_seconds(text: str) -> None:
    done = jitviewer("run", "x.pt", "--time-limit", text)
    assert done.returncode == 2
    assert "number of seconds" in done.stderr
