"""What a call is proposed to get: by signature, by layers, nothing where a trace takes nothing."""

import pytest
import torch
from torch import nn

import jitcore
from jitviewer.runner.call_inputs import call_inputs
from jitviewer.runner.inputs import make_inputs


def specs(called):
    return [row.spec for row in call_inputs(called)]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "layer",
    [
        nn.Linear(5, 2), nn.Conv1d(4, 2, 3), nn.Conv2d(3, 4, 3), nn.Conv3d(2, 2, 3), nn.Embedding(7, 2),
        nn.LayerNorm((3, 4)), nn.BatchNorm1d(6), nn.BatchNorm2d(6), nn.BatchNorm3d(6), nn.GRU(5, 3),
    ],
)  # fmt: skip
def test_what_is_proposed_for_a_layer_can_be_traced(layer):
    module = nn.Sequential(nn.Identity(), layer).eval()
    given = make_inputs(specs(module), 0, torch.device("cpu"))
    assert jitcore.trace(module, tuple(given)).code
    (row,) = call_inputs(module)
    assert "1 " in row.reason
    assert row.required


def test_containers_and_defaults():
    def called(
        a, b: torch.Tensor, c: list[torch.Tensor], d: tuple[torch.Tensor, torch.Tensor],
        e: dict[str, torch.Tensor], f: int, g=3, *rest, h=4, **more,
    ):  # fmt: skip
        return a

    rows = call_inputs(called)
    assert [row.name for row in rows] == list("abcdefg")
    assert [row.required for row in rows] == [True] * 6 + [False]
    one = "float32[4,4]"
    assert [row.spec for row in rows] == [
        one,
        one,
        f"[{one}]",
        f"({one}, {one},)",
        f'{{"key": {one}}}',
        "",
        "",
    ]
    assert "tensors" in rows[5].reason


def test_annotations_that_only_type_checkers_know():
    def called(x: "Missing", y) -> None:  # noqa: F821
        return

    assert [(row.type, row.spec) for row in call_inputs(called)] == [("Missing", ""), ("", "float32[4,4]")]
