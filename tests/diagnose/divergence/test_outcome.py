"""How results of two runs are compared."""

import math

import pytest
import torch

import jitcore
from jitcore.diagnose.divergence.outcome import Outcome, compare, difference_of

NAN = float("nan")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (torch.tensor([1.0, NAN, math.inf]), torch.tensor([1.0, NAN, math.inf])),
        (torch.tensor(1.0), torch.tensor(1.0 + 1e-7)),
        ([torch.ones(2), 3], (torch.ones(2), 3)),
        ({"a": torch.ones(1)}, {"a": torch.ones(1)}),
        (NAN, NAN),
        (3, torch.tensor(3)),
        (None, None),
        (1 << 80, 1 << 80),
    ],
)
def test_what_is_equal(one, other):
    assert compare(one, other, "result") is None


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        (torch.ones(2), torch.ones(3), "shape"),
        (torch.ones(2), torch.ones(2).double(), "dtype"),
        (torch.ones(2), torch.tensor([1.0, NAN]), "values"),
        (torch.ones(2), torch.tensor([1.0, 1.01]), "values"),
        ((torch.ones(2),), (torch.ones(2), torch.ones(2)), "structure"),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "structure"),
        (torch.ones(2), None, "structure"),
        (1 << 80, 1 << 81, "values"),
    ],
)
def test_what_differs(one, other, what):
    found = compare(one, other, "result")
    assert found is not None
    assert found.what == what


def test_an_exception_of_one_side_only_differs():
    failed = Outcome(error=ValueError("no"))
    assert difference_of(failed, failed) is None
    found = difference_of(Outcome(1), failed)
    assert found is not None
    assert "ValueError: no" in found.how


def test_what_a_program_writes_to_its_inputs_counts():
    found = difference_of(Outcome(1, (torch.zeros(2),)), Outcome(1, (torch.ones(2),)))
    assert found is not None
    assert found.where == "argument[0]"


def test_calls_that_would_leave_a_tensor_are_no_difference() -> None:
    def lost(scores: torch.Tensor, targets: torch.Tensor, lengths: torch.Tensor, sizes: torch.Tensor):
        return torch.nn.functional.ctc_loss(scores, targets, lengths, sizes)

    scores = torch.zeros(6, 2, 5)
    counts = torch.tensor([6, 6]), torch.tensor([3, 3])
    traced = jitcore.trace(lost, (scores, torch.ones(2, 3, dtype=torch.int64), *counts), check_trace=False)
    # There is no class of this number; eager torch reads whatever lies there.
    with pytest.raises(RuntimeError, match="targets holds 5") as caught:
        traced(scores, torch.full((2, 3), 5), *counts)
    assert difference_of(Outcome(torch.ones(())), Outcome(error=caught.value)) is None
    assert difference_of(Outcome(torch.ones(())), Outcome(error=RuntimeError("another"))) is not None
