"""The graphs of script and trace, run beside each other from where a trial starts."""

import torch

from jitcore.diagnose.alignment import align
from jitcore.diagnose.divergence.comparing import compare
from jitcore.diagnose.divergence.graph_pair import GraphPair
from jitcore.diagnose.divergence.sides import Sides
from jitcore.diagnose.divergence.subject import Subject
from jitcore.diagnose.divergence.trial import Trial
from jitcore.diagnose.paired_runs import compare_runs


def ran(target, traced_with, calls, **options):
    """What came out of running both graphs on the last of these calls, and the pair."""
    sides = Sides(Subject(target, traced_with))
    trial = Trial(tuple(calls), "given", "given inputs", **options)
    pair = GraphPair(sides, trial)
    with pair.running():
        found = compare_runs(
            pair.left, pair.right, align(pair.left.graph, pair.right.graph), before=pair.begin
        )
    return found, pair


def signed(x: torch.Tensor) -> torch.Tensor:
    if bool(x.sum() > 0):
        return x + 1
    return x - 1


class Counting(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.calls = 0
        self.register_buffer("seen", torch.zeros(()))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        self.seen += 1
        return x * self.calls + self.seen


class Dropping(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.dropout(x, 0.5, self.training)


def untyped(x):
    return x * eval("float")(x.max())


def test_both_run_on_the_inputs_of_the_trial():
    found, pair = ran(signed, (torch.ones(2),), [(-torch.ones(2),)])
    assert pair.names == ("script of signed", "trace of signed")
    assert found.diverged
    assert found.results[0].figures.max == 2.0
    assert [departure.kind for departure in found.departures] == ["arm"]
    found, _ = ran(signed, (torch.ones(2),), [(torch.full((2,), 3.0),)])
    assert not found.diverged


def test_earlier_calls_are_made_on_each_side_and_the_program_is_left_as_it_was():
    module = Counting()
    x = torch.ones(2)
    found, _ = ran(module, (x,), [(x,), (x,), (x,)])
    # The script counts three calls, the trace multiplies by one; both add the buffer that both wrote to.
    assert found.results[0].figures.max == 2.0
    assert module.calls == 0
    assert module.seen == 0


def test_random_numbers_are_the_same_on_both_sides():
    found, _ = ran(Dropping(), (torch.ones(100),), [(torch.ones(100),)])
    assert found.results[0].agreement == "identical"


def test_modes_of_a_trial_hold_for_both_sides():
    module = Dropping().eval()
    found, _ = ran(module, (torch.ones(100),), [(torch.ones(100),)], training=True)
    assert found.diverged
    assert not module.training


def test_without_a_script_the_other_graph_is_a_trace_of_the_other_inputs():
    found, pair = ran(untyped, (torch.ones(2),), [(torch.full((2,), 2.0),)])
    assert pair.names[0] == "untyped traced anew, with what sets them apart"
    assert found.results[0].figures.max == 2.0


def test_arguments_that_are_no_inputs_of_the_trace_are_bound_on_its_side_only():
    def scaled(x: torch.Tensor, factor: float) -> torch.Tensor:
        return x * factor

    found, pair = ran(scaled, (torch.ones(2), 2.0), [(torch.ones(2), 3.0)])
    assert (len(pair.left.arguments), len(pair.right.arguments)) == (2, 1)
    assert found.results[0].figures.max == 1.0


def test_a_comparison_lets_look_at_what_sets_the_sides_apart():
    looked = []
    found = compare(signed, (torch.ones(2),), look=lambda _, trial: looked.append(trial))
    assert found.diverged
    (trial,) = looked
    assert not bool(trial.calls[-1][0].sum() > 0)
    branch = next(row for row in found.decisions if row.flipped)
    assert branch.inputs == found.inputs
    looked.clear()
    assert not compare(torch.relu, (torch.ones(2),), look=lambda _, trial: looked.append(trial)).diverged
    assert torch.equal(looked[0].calls[0][0], torch.ones(2))
