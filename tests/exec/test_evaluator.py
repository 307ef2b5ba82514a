"""Constants computed for the passes, within bounds."""

import pytest
import torch

from jitcore.exec import evaluator
from jitcore.ops import find_overload
from jitcore.passes import EvaluationError


def compute(operator, *arguments, max_bytes=1 << 20):
    return evaluator(max_bytes).evaluate(find_overload(operator), arguments)


def test_tensor_operators():
    assert torch.equal(compute("aten::add.Tensor", torch.ones(2), torch.ones(2), 1), torch.full((2,), 2.0))
    assert torch.equal(compute("aten::zeros", [2, 3], None, None, None, None), torch.zeros(2, 3))
    assert compute("aten::size", torch.zeros(2, 3)) == [2, 3]
    assert compute("aten::item", torch.tensor(4)) == 4
    assert compute("aten::add.int", 2, 3) == 5


def test_several_results():
    values, indices = compute("aten::max.dim", torch.tensor([[1, 5], [7, 2]]), 1, False)
    assert (values.tolist(), indices.tolist()) == ([5, 7], [1, 0])


@pytest.mark.parametrize(
    ("operator", "arguments"),
    [
        ("aten::zeros", ([1 << 20, 1 << 20], None, None, None, None)),
        ("aten::arange", (1 << 40, None, None, None, None)),
        ("aten::mul.Tensor", (torch.zeros(4096, 1), torch.zeros(1, 4096))),
        ("aten::repeat", (torch.zeros(8), [1 << 30])),
    ],
)
def test_large_results_are_refused_without_being_made(operator, arguments):
    with pytest.raises(EvaluationError, match="are allowed"):
        compute(operator, *arguments)


@pytest.mark.usefixtures("without_torchvision")
def test_failures_are_told():
    with pytest.raises(EvaluationError, match="aten::view failed"):
        compute("aten::view", torch.zeros(3), [2])
    with pytest.raises(EvaluationError, match="torchvision"):
        compute("torchvision::nms", torch.zeros(1, 4), torch.zeros(1), 0.5)


def test_files_are_out_of_reach(tmp_path):
    target = tmp_path / "x.pt"
    with pytest.raises(EvaluationError, match="file system"):
        compute("aten::save", torch.zeros(1), str(target))
    assert not target.exists()


def test_no_gradients_are_recorded():
    weight = torch.ones(2, requires_grad=True)
    assert not compute("aten::mul.Tensor", weight, weight).requires_grad
