"""Computing constants has a time for all of a pipeline; beyond it the pass is left out, wherever it runs."""

import pytest

from jitcore.passes import PassContext, run_pipeline
from jitcore.printing import graph_text, parse_graph
from jitcore.source import JitError
from jitviewer import folding_time
from jitviewer.engine.document import _function_of
from jitviewer.engine.evaluation import RemoteEvaluator
from jitviewer.engine.rewriting import Rewriting
from jitviewer.folding_time import FoldingTime, FoldingTimeError

TEXT = """graph(%x : Tensor):
  %size : int[] = prim::Constant[value=[2]]()
  %none : NoneType = prim::Constant()
  %a : Tensor = aten::ones(%size, %none, %none, %none, %none)
  %b : Tensor = aten::mul(%a, %a)
  %y : Tensor = aten::mul(%x, %b)
  return (%y)
"""
FOLDING = "constant-propagation"


def function():
    """The graph as a function."""
    return _function_of(parse_graph(TEXT))


@pytest.fixture
def no_time(monkeypatch):
    monkeypatch.setattr(folding_time, "MOST_SECONDS", 0.0)


@pytest.fixture
def evaluate():
    made = RemoteEvaluator()
    yield made
    made.close()


def test_a_pass_that_runs_out_of_time_is_left_out_as_a_whole(no_time, evaluate):
    evaluate.begin()
    rewriting = Rewriting(function(), [FOLDING, "dce", FOLDING], evaluate)
    assert rewriting.applied == ("dce",)
    assert "computing its constants took more than 0 s in all" in rewriting.failures[FOLDING]
    plain = Rewriting(function(), ["dce"], None)
    assert graph_text(rewriting.graph) == graph_text(plain.graph)


def test_the_time_is_that_of_all_constants_together(evaluate):
    evaluate.begin()
    rewriting = Rewriting(function(), [FOLDING], evaluate)
    assert not rewriting.failures
    left = evaluate._time.left
    assert left < folding_time.MOST_SECONDS
    Rewriting(function(), [FOLDING], evaluate)
    assert evaluate._time.left < left
    evaluate._time.left = 0.0
    assert FOLDING in Rewriting(function(), [FOLDING], evaluate).failures
    evaluate.begin()
    assert not Rewriting(function(), [FOLDING], evaluate).failures


def test_an_operator_that_does_not_answer_ends_with_the_time(evaluate):
    """Its process is ended; the next pipeline gets another."""
    evaluate.begin()
    # Less than any process takes to start.
    evaluate._time.left = 1e-9
    with pytest.raises(JitError, match="took more than"):
        run_pipeline(parse_graph(TEXT), [FOLDING], PassContext(evaluate))
    assert not evaluate._link.is_running
    evaluate.begin()
    assert not Rewriting(function(), [FOLDING], evaluate).failures


def test_a_run_that_repeats_the_pass_is_refused_alike(no_time):
    from jitviewer.runner.evaluating import LocalEvaluator

    with pytest.raises(FoldingTimeError):
        run_pipeline(parse_graph(TEXT), [FOLDING], PassContext(LocalEvaluator()))


def test_time_is_spent_where_an_operator_fails_too():
    time = FoldingTime()
    with pytest.raises(ZeroDivisionError), time.spending():
        raise ZeroDivisionError
    assert time.left < folding_time.MOST_SECONDS
