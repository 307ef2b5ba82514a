"""The forms of whole graphs give what the graph gives, for what they were made for and for nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import torch
from torch import nn

import jitcore
from jitcore.exec.compiled.compiled_graph import PACKED
from jitcore.exec.compiled.groups import GroupCompiling
from jitcore.exec.compiled.records import VersionRecord
from jitcore.exec.executor.settings import SETTINGS
from tests.exec.compiled.uncompiled_code import ImmediateCompiler


class OnlyPacked(ImmediateCompiler):
    """Compiles nothing, so that packed weights are all that there is."""

    def compiled(self, described):
        made = super().compiled(described)
        made.call, made.refused = None, "nothing is compiled"
        return made


@pytest.fixture
def compiling() -> Iterator[Callable[[ImmediateCompiler], None]]:
    """Have all that runs compiled by a compiler."""
    before = SETTINGS.compiling

    def start(compiler: ImmediateCompiler) -> None:
        SETTINGS.compiling = GroupCompiling(compiler)

    yield start
    SETTINGS.compiling = before


def versions() -> list[VersionRecord]:
    assert SETTINGS.compiling is not None
    return [version for record in SETTINGS.compiling.records() for version in record.versions]


class Residual(nn.Module):
    """Convolutions with sums and activations behind them, and one whose result is read twice."""

    def __init__(self, activation: nn.Module) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 6, 3, stride=2, padding=1)
        self.grouped = nn.Conv2d(6, 6, 3, padding=1, groups=3, bias=False)
        self.second = nn.Conv2d(6, 6, 1)
        self.last = nn.Conv2d(6, 4, 3, padding=2, dilation=2)
        self.activation = activation

    def forward(self, x):
        y = self.activation(self.first(x))
        z = self.activation(self.second(self.grouped(y)) + y)
        w = self.last(z)
        return w, w.relu() + 1


@pytest.mark.parametrize(
    "activation", [nn.ReLU(), nn.ReLU6(), nn.Hardswish(), nn.SiLU(), nn.Tanh(), nn.GELU()]
)
@pytest.mark.parametrize("kind", ["trace", "script"])
def test_packed_weights_give_the_same(compiling, activation: nn.Module, kind: str):
    compiling(OnlyPacked())
    module = Residual(activation).eval()
    made = jitcore.trace(module, (torch.rand(2, 3, 8, 8),)) if kind == "trace" else jitcore.script(module)
    frozen = jitcore.freeze(made)
    with torch.no_grad():
        for size in (8, 8, 8, 8, 8, 9, 9, 9, 9):
            x = torch.rand(2, 3, size, size)
            torch.testing.assert_close(frozen(x), module(x))
            turned = x.contiguous(memory_format=torch.channels_last)
            found, wanted = frozen(turned), module(turned)
            torch.testing.assert_close(found, wanted)
    assert {version.form for version in versions()} == {PACKED}
    assert all(version.runs for version in versions())


def test_packed_weights_are_not_used_once_a_weight_has_changed(compiling):
    compiling(OnlyPacked())
    module = Residual(nn.ReLU()).eval()
    scripted, x = jitcore.script(module), torch.rand(1, 3, 8, 8)
    with torch.no_grad():
        for _ in range(5):
            torch.testing.assert_close(scripted(x), module(x))
        [version] = versions()
        assert version.runs > 0
        module.first.weight.mul_(2)
        torch.testing.assert_close(scripted(x), module(x))
        scripted.second = jitcore.script(nn.Conv2d(6, 6, 1).eval())
        module.second.load_state_dict(scripted.second.state_dict())
        torch.testing.assert_close(scripted(x), module(x))
    assert "has changed" in versions()[0].reason


class OfSizes(nn.Module):
    """What it computes depends on sizes, numbers and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = 2.0
        self.parts: list[int] = [1, 2]

    def forward(self, x, n: int):
        rows: list[torch.Tensor] = []
        for at in range(n):
            rows.append(x[at % x.shape[0]] * self.scale + self.parts[at % 2])
        y = torch.stack(rows)
        if y.shape[0] > 2:
            y = torch.tanh(y)
        else:
            y = y.exp()
        return y * 2, len(rows)


def test_what_follows_from_sizes_and_attributes_is_part_of_what_a_form_is_made_for(compiling):
    compiling(ImmediateCompiler())
    module = OfSizes()
    scripted = jitcore.script(module)
    for n in (1, 3, 1, 3, 1, 3, 1, 3, 1, 3):
        x = torch.rand(2, 3)
        torch.testing.assert_close(scripted(x, n), module(x, n))
    assert sum(version.runs for version in versions()) > 0
    scripted.scale = module.scale = 5.0
    for n in (1, 3, 1, 3):
        x = torch.rand(2, 3)
        torch.testing.assert_close(scripted(x, n), module(x, n))


class Heads(nn.Module):
    """A trace divides sizes by numbers that it holds as tensors."""

    def forward(self, x):
        rows, width = x.shape
        return torch.tanh(x.view(rows, 4, width // 4).transpose(0, 1)) * 2


def test_sizes_that_a_trace_computes_are_known(compiling):
    compiling(ImmediateCompiler())
    module = Heads()
    frozen = jitcore.freeze(jitcore.trace(module.eval(), (torch.rand(2, 8),)))
    for width in (8, 16, 8, 16, 8, 16, 8, 16):
        x = torch.rand(2, width)
        torch.testing.assert_close(frozen(x), module(x))
    assert [version.state for version in versions()] == ["compiled"] * 2


class OfValues(nn.Module):
    def forward(self, x):
        if bool(x.sum() > 0):
            return x * 2 + 1
        return x - 1


class Drawing(nn.Module):
    def forward(self, x):
        return x * 2 + torch.rand(3)


class Counting(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("count", torch.zeros(1))

    def forward(self, x):
        self.count += 1
        return x * self.count


class Setting(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scale = 1.0

    def forward(self, x):
        self.scale = self.scale * 2
        return x * self.scale + 1


class Printing(nn.Module):
    def forward(self, x):
        print("ran")
        return x * 2 + 1


@pytest.mark.parametrize("kind", [OfValues, Drawing, Counting, Setting, Printing])
def test_what_more_than_sizes_decides_is_never_run_again_to_be_tried(
    compiling, kind: type[nn.Module], capsys
):
    compiling(ImmediateCompiler())
    module, twin = kind(), kind()
    scripted = jitcore.script(module)
    for turn in range(6):
        x = torch.full((3,), float((-1) ** turn))
        torch.manual_seed(turn)
        wanted = twin(x)
        torch.manual_seed(turn)
        assert torch.equal(scripted(x), wanted)
    assert all(version.state == "refused" and version.reason for version in versions())
    assert capsys.readouterr().out == "ran\n" * 12 * (kind is Printing)


def test_results_in_lists_and_tuples_come_as_they_were(compiling):
    compiling(ImmediateCompiler())

    def nested(x: torch.Tensor) -> tuple[list[torch.Tensor], tuple[torch.Tensor, int], None]:
        y = torch.tanh(x) * 2
        return [y, y + 1], (y.exp(), y.shape[0]), None

    scripted = jitcore.script(nested)
    for _ in range(6):
        x = torch.rand(3)
        found, wanted = scripted(x), nested(x)
        torch.testing.assert_close(found, wanted)
        assert [type(each) for each in found] == [type(each) for each in wanted]
    assert versions()[0].runs > 0
