"""What is kept of pairs whose values differ."""

import math

import pytest
import torch

from jitcore.diagnose.paired_runs import DifferingValues
from jitcore.diagnose.paired_runs.differing_values import MOST_PAIRS


def offered(left, right, pair=0, order=0):
    found = DifferingValues()
    found.offer(pair, order, [left], [right])
    return found.by_pair


def test_differences_and_the_elements_that_are_furthest_apart_are_kept():
    left = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    right = torch.tensor([[1.0, 2.5, 3.0], [4.0, 5.0, 9.0]])
    apart = offered(left, right)[0]
    assert torch.equal(apart.difference, (left - right).abs().to(torch.float64))
    assert [(each.place, each.left, each.right) for each in apart.elements] == [
        ((1, 2), 6.0, 9.0), ((0, 1), 2.0, 2.5),
    ]  # fmt: skip


def test_nan_on_one_side_comes_first_and_on_both_sides_not_at_all():
    left = torch.tensor([math.nan, math.nan, 1.0])
    right = torch.tensor([math.nan, 2.0, 5.0])
    first, second = offered(left, right)[0].elements
    assert first.place == (1,)
    assert math.isnan(first.left)
    assert second.place == (2,)


@pytest.mark.parametrize("dtype", [torch.bool, torch.int64, torch.float16, torch.complex64, torch.uint8])
def test_every_kind_of_element_is_told(dtype):
    left, right = torch.tensor([0, 1]).to(dtype), torch.tensor([1, 1]).to(dtype)
    (element,) = offered(left, right)[0].elements
    assert (element.place, element.left, element.right) == ((0,), left[0].item(), right[0].item())


def test_numbers_and_tensors_that_need_gradients_are_told():
    (element,) = offered(torch.tensor(1.0, requires_grad=True), torch.tensor(2.0))[0].elements
    assert (element.place, element.left, element.right) == ((), 1.0, 2.0)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (torch.ones(2), torch.ones(3)),
        (torch.ones(2).to_sparse(), torch.zeros(2).to_sparse()),
        (1.0, 2.0),
        (torch.ones(0), torch.ones(0)),
        (torch.ones(2, device="meta"), torch.ones(2, device="meta")),
    ],
)
def test_what_has_no_elements_to_set_against_each_other_is_not_kept(left, right):
    assert offered(left, right) == {}


def test_of_many_pairs_those_that_ran_first_are_kept_and_of_one_the_first_values():
    found = DifferingValues()
    for number in range(MOST_PAIRS + 10):
        found.offer(number, 1000 - number, [torch.ones(1)], [torch.zeros(1)])
    assert set(found.by_pair) == set(range(10, MOST_PAIRS + 10))
    found.offer(MOST_PAIRS + 10, 5000, [torch.ones(1)], [torch.zeros(1)])
    assert MOST_PAIRS + 10 not in found.by_pair
    found.offer(20, 0, [torch.ones(1)], [torch.full((1,), 7.0)])
    assert found.by_pair[20].elements[0].right == 0.0
