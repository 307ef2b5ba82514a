"""Frozen graphs without branches are compiled whole; what runs them gives what it gave before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import nn

import jitcore
from jitcore.exec.compiled.groups import GroupCompiling
from jitcore.exec.compiled.records import GroupRecord
from jitcore.exec.executor.settings import SETTINGS
from tests.exec.compiled.uncompiled_code import ImmediateCompiler


@pytest.fixture(autouse=True)
def compiler() -> Iterator[ImmediateCompiler]:
    """The compiler of all that a test runs."""
    before, made = SETTINGS.compiling, ImmediateCompiler()
    SETTINGS.compiling = GroupCompiling(made)
    yield made
    SETTINGS.compiling = before


class Layers(nn.Module):
    """What classifies a picture, with writes to what it has just made."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 4, 3, padding=1)
        self.normalization = nn.BatchNorm2d(4)
        self.again = nn.Conv2d(4, 4, 3, padding=1)
        self.linear = nn.Linear(4, 2)

    def forward(self, x):
        y = torch.relu_(self.normalization(self.convolution(x)))
        z = self.again(y)
        z += y
        pooled = nn.functional.adaptive_avg_pool2d(torch.relu_(z), 1)
        return self.linear(torch.flatten(pooled, 1)) * 2


class Viewed(nn.Module):
    """Gives a part of what it computes, and what is left of the input."""

    def forward(self, x):
        x.add_(1)
        return x * 2 + 1


class Matched(nn.Module):
    """Fails where sizes do not fit."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.rand(4, 4))

    def forward(self, x):
        return torch.tanh(x @ self.weight) * 2


def records() -> list[GroupRecord]:
    """What became of the groups of a test."""
    assert SETTINGS.compiling is not None
    return [*SETTINGS.compiling.records()]


def test_a_frozen_graph_is_compiled_whole():
    module, x = Layers().eval(), torch.rand(2, 3, 8, 8)
    frozen = jitcore.freeze(jitcore.trace(module, (x,)))
    with torch.no_grad():
        for size in (8, 8, 8, 8, 8, 8, 6, 6, 6, 6, 8):
            given = torch.rand(2, 3, size, size)
            kept = given.clone()
            torch.testing.assert_close(frozen(given), module(given))
            assert torch.equal(given, kept)
    [record] = records()
    assert record.refused == ""
    assert [(version.state, version.reason) for version in record.versions] == [("compiled", "")] * 2
    assert all(version.runs for version in record.versions)


def test_a_graph_that_writes_to_its_input_is_not_compiled():
    frozen = jitcore.freeze(jitcore.script(Viewed().eval()))
    for _ in range(6):
        x = torch.zeros(3)
        assert torch.equal(frozen(x), torch.full((3,), 3.0))
        assert torch.equal(x, torch.ones(3))
    [record] = records()
    [version] = record.versions
    assert (version.state, version.reason) == (
        "refused",
        "aten::add_.Scalar writes to a tensor that somebody else holds",
    )


def test_errors_are_those_of_the_operators():
    frozen = jitcore.freeze(jitcore.script(Matched().eval()))
    for _ in range(5):
        frozen(torch.rand(2, 4))
    [record] = records()
    assert record.versions[0].runs > 0
    with pytest.raises(RuntimeError, match="mat1 and mat2 shapes cannot be multiplied") as told:
        frozen(torch.rand(2, 5))
    assert "x @ self.weight" in str(told.value)


def test_gradients_of_an_input_are_those_of_the_module():
    module = Matched().eval()
    frozen = jitcore.freeze(jitcore.script(module))
    for _ in range(5):
        frozen(torch.rand(2, 4))
    x, y = (torch.ones(2, 4, requires_grad=True) for _ in range(2))
    frozen(x).sum().backward()
    module(y).sum().backward()
    torch.testing.assert_close(x.grad, y.grad)


def test_weights_may_change():
    module = Matched()
    scripted = jitcore.script(module)
    with torch.no_grad():
        for _ in range(6):
            x = torch.rand(2, 4)
            torch.testing.assert_close(scripted(x), module(x))
            module.weight += 1
        [record] = records()
        assert record.versions[0].runs > 0
        scripted.weight = module.weight = nn.Parameter(torch.rand(4, 4))
        for _ in range(6):
            x = torch.rand(2, 4)
            torch.testing.assert_close(scripted(x), module(x))
