"""Where groups that are fused for all sizes get their sizes from, and how their tensors are said to lie."""

import io

import pytest
import torch

from tests.differential.executor.comparison import Mode, compare

FOR_ALL_SIZES = Mode(gradients=False, varying=True, fuses=True, dynamic=True)
SHAPES = (
    ((3, 1, 3), (1, 1, 3)),
    ((4, 2, 3), (1, 2, 3)),
    ((3, 2, 3), (3, 2, 3)),
    ((4, 2, 3), (5, 2, 3)),
)
"""Sizes of tensors that grow, and of those that they are concatenated with: equal ones share a symbol."""


class Apart(torch.nn.Module):
    def forward(
        self, k: torch.Tensor, a: torch.Tensor, v: torch.Tensor, b: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.cat([k, a]).relu(), torch.cat([v, b]).relu()


class Behind(torch.nn.Module):
    def forward(
        self, k: torch.Tensor, a: torch.Tensor, v: torch.Tensor, b: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        x = torch.cat([k, a]).relu()
        return torch.cat([x, b]).neg(), v


class Thrice(torch.nn.Module):
    def forward(
        self, k: torch.Tensor, a: torch.Tensor, v: torch.Tensor, b: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        x = torch.cat([k, k + 1, a]).relu()
        return torch.cat([b, v, x]).neg(), v


class Wider(torch.nn.Module):
    def forward(
        self, k: torch.Tensor, a: torch.Tensor, v: torch.Tensor, b: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        x = torch.cat([a, b]).relu()
        return torch.cat([v, x]).neg(), torch.cat([k, v * 2], 1).exp()


class Ones(torch.nn.Module):
    def forward(
        self, k: torch.Tensor, a: torch.Tensor, v: torch.Tensor, b: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        x = torch.cat([k, a, b]).sigmoid()
        return torch.cat([x * a.mean(), k, a]).neg(), torch.cat([a, v, b], -3) + 1


class Gates(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        a, b = x.chunk(2, 1)
        return torch.sigmoid(a) * b + a


def compared(module: torch.nn.Module, inputs: list[torch.Tensor]) -> None:
    stream = io.BytesIO()
    torch.jit.save(torch.jit.script(module.eval()), stream)
    outcomes = compare(type(module).__name__, stream.getvalue(), "forward", inputs, FOR_ALL_SIZES)
    assert {f"run {number}" for number in range(1, 6)} <= {outcome.aspect for outcome in outcomes}
    for outcome in outcomes:
        assert outcome.status == "equal", f"{outcome.aspect}: {outcome.detail}\n{outcome.diff()}"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("sizes", SHAPES, ids=str)
@pytest.mark.parametrize("kind", [Apart, Behind, Thrice, Wider, Ones])
def test_sizes_are_read_where_torch_reads_them(
    kind: type[torch.nn.Module], sizes: tuple[tuple[int, ...], ...]
):
    compared(kind(), [torch.randn(sizes[place % 2]) for place in range(4)])


@pytest.mark.filterwarnings("ignore")
def test_a_part_of_one_row_is_not_in_order():
    compared(Gates(), [torch.randn(1, 8)])
