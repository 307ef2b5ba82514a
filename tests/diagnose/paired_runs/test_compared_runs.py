import msgspec
import torch
from torch import nn

import jitcore
from jitcore.diagnose.paired_runs import RunComparison, Tolerance
from tests.diagnose.alignment import programs
from tests.diagnose.paired_runs.sides import Compared, compared, of_text, runnable, script_and_trace

ONES = torch.ones(3)


def test_where_nothing_differs_all_pairs_are_identical():
    found = compared(programs.one_arm, (ONES,), (ONES + 1,))
    assert not found.data.diverged
    assert found.data.first is None
    assert found.data.departures == ()
    assert {outcome.status for outcome in found.data.outcomes} == {"identical"}


def test_the_other_arm_is_told_and_what_it_gave_differs_downstream():
    found = compared(programs.one_arm, (ONES,), (-ONES,))
    assert found.data.diverged
    departure = found.first_departure()
    assert (departure.kind, departure.side) == ("arm", "left")
    assert (departure.fixed, departure.now) == ("the first arm", "the second arm")
    assert departure.line == programs.one_arm.__code__.co_firstlineno + 1
    assert found.statuses("aten::relu") == ["not reached"]
    assert found.statuses("aten::sigmoid") == ["differs"]
    assert "aten::sigmoid" in [found.left[node].kind for node in found.data.downstream]
    assert "aten::sum" not in [found.left[node].kind for node in found.data.downstream]


def test_turns_that_a_trace_has_not_are_told():
    found = compared(programs.counted, (torch.ones(2, 2),), (torch.ones(3, 2),))
    departure = found.first_departure()
    assert (departure.kind, departure.fixed, departure.now) == ("turns", "2 turns", "3 turns")
    assert found.statuses("aten::sin") == ["identical", "identical"]


def test_turns_of_loops_in_loops_are_compared_turn_by_turn():
    found = compared(programs.nested, (torch.ones(2, 3),), (torch.full((2, 3), 0.5),))
    assert found.data.departures == ()
    assert found.statuses("aten::cos") == ["identical"] * 6


def test_a_constant_that_is_computed_otherwise_now_is_told():
    found = compared(programs.item, (torch.tensor([1.0, 5.0]),), (torch.tensor([1.0, 7.0]),))
    departure = found.first_departure()
    assert (departure.kind, departure.side, departure.line) == (
        "constant", "left", programs.item.__code__.co_firstlineno + 1,
    )  # fmt: skip
    assert departure.fixed.endswith("5")
    assert departure.now.endswith("7.0") or departure.now.endswith("7")
    assert found.first_pair() == "aten::mul"


def test_states_that_a_run_writes_to_are_compared_as_they_were_before():
    x = torch.arange(6.0).reshape(2, 3)
    left, right = (runnable(jitcore.script(nn.Sequential(nn.BatchNorm1d(3), nn.ReLU())), x) for _ in range(2))
    found = Compared(left, right)
    assert left.arguments[0].attributes["0"].attributes["num_batches_tracked"] == 1
    assert found.data.departures == ()
    assert found.statuses("aten::relu") == ["identical"]


def test_a_weight_that_differs_is_told_before_what_it_makes_differ():
    x = torch.ones(1, 2)
    left, right = script_and_trace(nn.Sequential(nn.Linear(2, 2), nn.Tanh()), (x,), (x,))
    with torch.no_grad():
        right.arguments[0].attributes["0"].attributes["bias"].add_(1)
    found = Compared(left, right)
    departure = found.first_departure()
    assert (departure.kind, departure.subject, departure.apart) == ("attribute", "0.bias", "1 at most")
    assert found.first_pair() == "aten::linear"


_LEFT = """
graph(%x : Tensor):
  %one : int = prim::Constant[value=1]()
  %a : Tensor = aten::sin(%x)
  %b : Tensor = aten::mul(%a, %one)
  %c : Tensor = aten::exp(%b)
  return (%c)
"""


def test_the_first_pair_that_differs_is_where_what_is_read_was_the_same():
    right = _LEFT.replace("value=1", "value=2")
    found = Compared(of_text(_LEFT, ONES), of_text(right, ONES))
    assert found.first_pair() == "aten::mul"
    assert found.data.first.starts
    starts = [outcome.starts for outcome in found.data.outcomes]
    assert starts == [False, True, False]
    outcome = found.data.outcomes[1]
    sine = torch.sin(torch.tensor(1.0)).item()
    assert abs(outcome.difference.figures.max - sine) < 1e-6
    assert abs(outcome.difference.figures.l2 - sine * 3**0.5) < 1e-6
    assert abs(outcome.difference.figures.cosine - 1) < 1e-6


def test_what_reads_a_node_that_one_side_alone_has_is_not_where_it_starts():
    right = _LEFT.replace("aten::mul(%a, %one)", "aten::tanh(%a)")
    found = Compared(of_text(_LEFT, ONES), of_text(right, ONES))
    assert [found.left[number].kind for number in found.alignment.only_left] == ["aten::mul"]
    assert found.first_pair() == "aten::exp"
    assert not any(outcome.starts for outcome in found.data.outcomes)


def test_an_error_that_grew_out_of_rounding_is_told_from_one_that_starts():
    left = """
graph(%x : Tensor):
  %one : float = prim::Constant[value=1.]()
  %a : Tensor = aten::mul(%x, %one)
  %b : Tensor = aten::floor(%a)
  return (%b)
"""
    right = left.replace("value=1.", "value=0.9999999")
    found = Compared(of_text(left, ONES), of_text(right, ONES))
    assert found.statuses("aten::mul") == ["within tolerance"]
    assert found.first_pair() == "aten::floor"
    assert not found.data.first.starts
    assert found.data.first.grew_from == 0


def test_tolerances_can_be_chosen():
    right = _LEFT.replace("value=1]", "value=1.001]").replace("%one : int", "%one : float")
    both = of_text(_LEFT, ONES), of_text(right, ONES)
    assert Compared(*both).data.diverged
    loose = Compared(of_text(_LEFT, ONES), of_text(right, ONES), tolerance=Tolerance(relative=0.1))
    assert not loose.data.diverged
    assert loose.statuses("aten::mul") == ["within tolerance"]


def test_without_room_digests_tell_what_is_the_same_and_samples_how_far_the_rest_is():
    right = _LEFT.replace("value=1", "value=2")
    x = torch.linspace(0, 1, 100_000)
    found = Compared(of_text(_LEFT, x), of_text(right, x), kept_bytes=0)
    assert [outcome.status for outcome in found.data.outcomes] == ["identical", "differs", "differs"]
    assert found.data.outcomes[1].difference.figures.is_sampled
    assert "had no room" in found.data.notes[0]


def test_a_side_that_fails_is_compared_as_far_as_it_came():
    failing = _LEFT.replace("aten::mul(%a, %one)", "aten::squeeze(%a, %far)").replace(
        "  %one : int = prim::Constant[value=1]()", "  %far : int = prim::Constant[value=9]()"
    )
    found = Compared(of_text(_LEFT, ONES), of_text(failing, ONES))
    assert found.data.left_error == ""
    assert "squeeze" in found.data.right_error
    assert found.data.diverged
    assert found.statuses("aten::sin") == ["identical"]


def test_arms_of_a_conditional_that_both_have_are_compared():
    def program(x: torch.Tensor, flag: bool) -> torch.Tensor:
        y = x
        for _ in range(2):
            if flag:
                y = torch.sin(y)
            else:
                y = torch.cos(y)
        return y

    scripted = jitcore.script(program)
    found = Compared(runnable(scripted, ONES, True), runnable(scripted, ONES, True))
    assert found.statuses("aten::sin") == ["identical"]
    assert found.data.outcomes[0].times >= 1
    assert found.statuses("aten::cos") == ["not reached"]
    times = {found.left[found.alignment.pairs[o.pair].left].kind: o.times for o in found.data.outcomes}
    assert times["aten::sin"] == 2


def test_of_a_long_loop_the_first_turns_are_kept_and_what_comes_out_is_compared():
    text = """
graph(%x : Tensor, %n : int):
  %one : int = prim::Constant[value=1]()
  %t : bool = prim::Constant[value=1]()
  %r : Tensor = prim::Loop(%n, %t, %x)
    block0(%i : int, %y : Tensor):
      %z : Tensor = aten::add(%y, %one, %one)
      -> (%t, %z)
  return (%r)
"""
    both = of_text(text, torch.zeros(2), 1_500), of_text(text, torch.zeros(2), 1_500)
    found = Compared(*both)
    assert not found.data.diverged
    (outcome,) = [o for o in found.data.outcomes if o.times > 1]
    assert (outcome.times, outcome.left_times, outcome.right_times) == (1_000, 1_500, 1_500)
    assert "first 1,000" in found.data.notes[0]


def test_views_larger_than_memory_are_compared():
    text = """
graph(%x : Tensor):
  %n : int = prim::Constant[value=1000000000000]()
  %m : int = prim::Constant[value=3]()
  %s : int[] = prim::ListConstruct(%n, %m)
  %f : bool = prim::Constant[value=0]()
  %a : Tensor = aten::expand(%x, %s, %f)
  %t : int[] = aten::size(%a)
  return (%t)
"""
    found = Compared(of_text(text, ONES), of_text(text, ONES))
    assert found.statuses("aten::expand") == ["identical"]
    assert not found.data.diverged


def test_a_comparison_travels_as_plain_data():
    data = compared(programs.one_arm, (ONES,), (-ONES,)).data
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(data), type=RunComparison) == data
