"""Two documents run beside each other by a real runner below a real engine."""

import pytest

from jitviewer.protocol import events, requests
from tests.engine.engine_process import EngineProcess


@pytest.fixture
def both(engine: EngineProcess, tmp_path):
    import torch

    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.ReLU())
    torch.jit.script(model).save(str(tmp_path / "one.pt"))
    with torch.no_grad():
        model[0].weight += 1
    torch.jit.script(model).save(str(tmp_path / "two.pt"))
    engine.open(tmp_path / "one.pt", 1)
    engine.open(tmp_path / "two.pt", 2)
    return engine


def compared(engine: EngineProcess, other: int, *inputs: str):
    engine.send(requests.CompareDocuments(1, other, list(inputs)))
    return engine.until(events.ComparisonDone, events.ComparisonStopped)[-1]


def test_documents_are_compared_value_by_value(both):
    done = compared(both, 2, "float32[2,3]:1..2")
    assert isinstance(done, events.ComparisonDone), done
    found = done.comparison
    assert (found.left_name, found.right_name, found.diverged) == ("one.pt", "two.pt", True)
    assert "0.weight" in found.explanation
    statuses = {pair.status for pair in found.pairs}
    assert "differs" in statuses
    same = compared(both, 1, "float32[2,3]")
    assert isinstance(same, events.ComparisonDone), same
    assert not same.comparison.diverged


def test_what_cannot_be_compared_is_told_in_a_sentence(both):
    stopped = compared(both, 7, "float32[2,3]")
    assert isinstance(stopped, events.ComparisonStopped)
    assert "not open" in stopped.sentence
    stopped = compared(both, 2, "float32[2,3]", "3")
    assert isinstance(stopped, events.ComparisonStopped)
    assert "argument" in stopped.sentence


def test_a_comparison_that_is_cancelled_leaves_the_engine_serving(both):
    both.send(requests.CompareDocuments(1, 2, ["float32[2,3]"]))
    both.send(requests.CancelComparison(1))
    stopped = both.until(events.ComparisonStopped)[-1]
    assert "cancelled" in stopped.sentence
    done = compared(both, 2, "float32[2,3]")
    assert isinstance(done, events.ComparisonDone), done
