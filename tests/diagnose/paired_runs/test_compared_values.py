import math

import pytest
import torch

from jitcore.diagnose.paired_runs import Tolerance, compare_values


def agreement(left, right):
    return compare_values(left, right, Tolerance()).agreement


NAN = float("nan")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (torch.tensor([1.0, NAN]), torch.tensor([1.0, NAN])),
        (3, torch.tensor(3)),
        (torch.tensor(3), 3),
        (2.5, torch.tensor(2.5)),
        ([1, 2], (1, 2)),
        ({"a": torch.ones(2)}, {"a": torch.ones(2)}),
        (None, None),
        ("a", "a"),
        (NAN, NAN),
        (torch.ones(2).to_sparse(), torch.ones(2).to_sparse()),
        (torch.ones(3).expand(4, 3), torch.ones(4, 3)),
        (torch.ones(2, dtype=torch.complex64), torch.ones(2, dtype=torch.complex64)),
        (torch.tensor([], dtype=torch.float32), torch.tensor([], dtype=torch.float32)),
        (torch.ones(2).to(torch.float8_e5m2), torch.ones(2).to(torch.float8_e5m2)),
        (torch.ones(2, device="meta"), torch.ones(2, device="meta")),
    ],
)
def test_values_that_are_the_same(left, right):
    assert agreement(left, right) == "identical"


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        (torch.ones(2), torch.ones(3), "shape"),
        (torch.ones(2), torch.ones(2).double(), "kind of element"),
        (torch.tensor([1.0, NAN]), torch.tensor([NAN, 1.0]), "NaN"),
        (torch.tensor([1.0, math.inf]), torch.tensor([1.0, -math.inf]), "infinity"),
        (torch.tensor([1, 2]), torch.tensor([1, 3]), "values"),
        (2**60, 2**60 + 1, "values"),
        (torch.tensor([2**60]), torch.tensor([2**60 + 1]), "values"),
        ([1], [1, 2], "lengths"),
        ({"a": 1}, {"b": 1}, "keys"),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "order"),
        ("a", "b", "values"),
        (None, torch.ones(1), "types"),
        (torch.ones(2), torch.ones(2).to_sparse(), "layout"),
    ],
)
def test_values_that_differ(left, right, said):
    found = compare_values(left, right, Tolerance())
    assert found.agreement == "differs"
    assert said in found.what


def test_rounding_is_of_the_largest_element():
    left = torch.tensor([1000.0, 0.001])
    assert agreement(left, left + torch.tensor([0.0, 0.0005])) == "within tolerance"
    assert agreement(left, left + torch.tensor([0.0, 0.5])) == "differs"
    assert agreement(torch.tensor([0.001]), torch.tensor([0.0015])) == "differs"


def test_the_part_that_is_furthest_apart_is_named():
    found = compare_values(
        [torch.ones(2), {"a": torch.ones(2)}], [torch.ones(2), {"a": torch.zeros(2)}], Tolerance()
    )
    assert found.part == "[1]['a']"
    assert found.figures.max == 1


@pytest.mark.filterwarnings("ignore:.*quantize")
def test_quantized_tensors_are_compared_as_the_numbers_that_they_stand_for():
    one = torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.quint8)
    finer = torch.quantize_per_tensor(torch.tensor([1.0, 0.5]), 0.1, 0, torch.quint8)
    assert agreement(one, one) == "identical"
    assert agreement(one, finer) == "differs"
    assert agreement(one, torch.ones(2)) == "differs"


def test_figures_are_those_of_the_definitions():
    torch.manual_seed(0)
    left, right = torch.randn(50, 70), torch.randn(50, 70)
    figures = compare_values(left, right, Tolerance()).figures
    apart = (left.double() - right.double()).abs()
    assert figures.max == pytest.approx(apart.max().item())
    assert figures.mean == pytest.approx(apart.mean().item())
    assert figures.quantile == pytest.approx(
        apart.flatten().quantile(0.99, interpolation="nearest").item(), rel=0.05
    )
    assert figures.l2 == pytest.approx(apart.norm().item())
    assert figures.relative_l2 == pytest.approx(apart.norm().item() / left.double().norm().item())
    expected = torch.nn.functional.cosine_similarity(left.double().flatten(), right.double().flatten(), dim=0)
    assert figures.cosine == pytest.approx(expected.item())
    peak = left.abs().max().item()
    assert figures.psnr == pytest.approx(10 * math.log10(peak**2 / (apart**2).mean().item()))


def test_a_list_that_holds_another_one_forty_times_ends():
    value = [torch.ones(1)]
    for _ in range(40):
        value = [value, value]
    assert agreement(value, value) == "identical"
