"""How long is searched: less where nothing hints at a divergence, counted in processor time."""

import pytest
import torch

from jitcore.diagnose.divergence import search
from jitcore.diagnose.divergence.search import Search
from jitcore.diagnose.divergence.sides import Sides
from jitcore.diagnose.divergence.subject import Subject


def doubled(x):
    return x * 2


@pytest.fixture
def ticking(monkeypatch):
    """A processor that takes a tenth of a second from each look at its clock to the next."""
    ticks = iter(range(1_000_000))
    monkeypatch.setattr(search.time, "process_time", lambda: next(ticks) / 10)


def tried(suspects):
    sides = Sides(Subject(doubled, (torch.rand(2, 3),)))
    sides.eager_seconds = 0.01
    made = Search(sides, suspects=suspects)
    made.run()
    assert not made.by_trace
    return made.tried


def test_where_nothing_hints_at_a_divergence_the_search_ends_early(ticking):
    assert tried(suspects=0) <= 11


def test_where_something_does_it_goes_on(ticking):
    assert tried(suspects=1) > 20
    assert tried(suspects=None) > 20
