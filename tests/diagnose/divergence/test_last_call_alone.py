"""Calls in a row of which the last one differs by itself accuse no state, whichever trials come first."""

import pytest
import torch

from jitcore.diagnose import compare
from jitcore.diagnose.divergence import search
from jitcore.diagnose.divergence.search import Search
from jitcore.diagnose.divergence.sides import Sides
from jitcore.diagnose.divergence.subject import Subject
from tests.diagnose.divergence.written_program import made

BRANCH = """
def T(x):
    if x.sum() > 0:  #!
        return x * 2
    return x - 1
"""
STATE = """
LAST = []

def T(x):
    LAST.append(x)
    return x + LAST[0]  #!
"""


@pytest.fixture
def only_calls(monkeypatch):
    """A search that gets to calls in a row before it tries other values."""
    for name in ("other_values", "other_sizes"):
        monkeypatch.setattr(search.variations, name, lambda _: iter(()))


def found_by(text, folder):
    subject, _, _ = made(folder, text, "subject_of_calls")
    made_search = Search(Sides(Subject(subject, (torch.tensor([1.0, 2.0]),))))
    made_search.run()
    return made_search.by_trace


def test_what_differs_by_itself_is_no_matter_of_calls(only_calls, tmp_path):
    found = found_by(BRANCH, tmp_path)
    assert found
    assert {
        (each.trial.change, len(each.trial.calls)) for each in found if each.trial.change != "solved"
    } == {("values", 1)}


def test_what_does_not_stays_one(only_calls, tmp_path):
    assert ("calls", 2) in {(each.trial.change, len(each.trial.calls)) for each in found_by(STATE, tmp_path)}


def test_a_branch_is_named_whichever_trials_come_first(only_calls, tmp_path):
    subject, path, line = made(tmp_path, BRANCH, "branch_of_calls")
    cause = compare(subject, (torch.tensor([1.0, 2.0]),)).cause
    assert (cause.cause, cause.file, cause.line) == ("branch", path, line)
