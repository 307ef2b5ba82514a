"""Convolutions, products and normalizations: which of them are fused on the CPU is as in torch."""

from __future__ import annotations

import io
import warnings

import pytest
import torch
from torch import nn

import jitcore
from tests.differential.executor.comparison import shown
from tests.differential.executor.fusing import fusing_on_cpu


class Convolved(nn.Module):
    """A convolution of four channels with what usually follows."""

    def __init__(self, groups: int = 4, bias: bool = True, stride: int = 1, size: int = 3):
        super().__init__()
        self.convolution = nn.Conv2d(4, 4, size, stride, padding=1, groups=groups, bias=bias)
        self.normalization = nn.BatchNorm2d(4)

    def forward(self, x):
        return torch.relu(self.normalization(self.convolution(x))) + 1


class Multiplied(nn.Module):
    """A product with something before and behind."""

    def forward(self, x, y):
        return torch.relu((x * 2) @ y) * 2


IMAGE = torch.linspace(-1, 1, 2 * 4 * 8 * 8).reshape(2, 4, 8, 8)
LAST = IMAGE.to(memory_format=torch.channels_last)
MATRIX = torch.linspace(-1, 1, 12).reshape(3, 4)


@pytest.mark.parametrize("is_dynamic", [False, True], ids=["static", "dynamic"])
@pytest.mark.parametrize(
    ("module", "inputs", "frozen"),
    [
        (Convolved().eval(), (IMAGE,), False),
        (Convolved(bias=False).eval(), (IMAGE,), False),
        (Convolved(stride=2).eval(), (IMAGE,), True),
        (Convolved(size=5).eval(), (IMAGE,), False),
        (Convolved(groups=1).eval(), (IMAGE,), False),
        (Convolved().train(), (IMAGE,), False),
        (Convolved().eval(), (LAST,), False),
        (Convolved().to(memory_format=torch.channels_last).eval(), (LAST,), True),
        (Convolved(1, False).to(memory_format=torch.channels_last).eval(), (LAST,), True),
        (Multiplied(), (MATRIX, MATRIX.t().contiguous()), False),
        (Multiplied(), (MATRIX, MATRIX.t()), False),
        (Multiplied(), (MATRIX.expand(2, 3, 4), MATRIX.t().contiguous()), False),
    ],
)
def test_layers_are_fused_as_by_torch(
    module: nn.Module, inputs: tuple[torch.Tensor, ...], frozen: bool, is_dynamic: bool
):
    buffer = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad(), fusing_on_cpu(is_dynamic):
        warnings.simplefilter("ignore")
        scripted = torch.jit.script(module)
        if frozen:
            scripted = torch.jit.freeze(scripted, optimize_numerics=False)
        torch.jit.save(scripted, buffer)
        theirs, ours = (side.load(io.BytesIO(buffer.getvalue())) for side in (torch.jit, jitcore))
        for _ in range(3):
            torch.testing.assert_close(ours(*inputs), theirs(*inputs))
        assert shown(ours.graph_for(*inputs)) == shown(theirs.graph_for(*inputs))
