"""State is put back in place, whatever a program does to it."""

import itertools
import random

import numpy as np
import torch
from torch import nn

from jitcore.diagnose.divergence.state import ProgramState

CALLS = []


class Holder(nn.Module):
    shared = 1

    def __init__(self):
        super().__init__()
        self.register_buffer("total", torch.zeros(3))
        self.numbers = itertools.count()
        self.seen = {"first": [1]}
        self.drawn = random.Random(3)
        self.generator = torch.Generator().manual_seed(5)
        self.table = np.zeros(2)

    def forward(self):
        self.total += 1
        self.total.data[0] = 9
        view = self.total
        self.total = torch.ones(5)
        self.seen["first"].append(2)
        self.seen["second"] = view
        self.extra = 1
        self.table[0] = 7
        CALLS.append(1)
        Holder.shared += 1
        return next(self.numbers), self.drawn.random(), torch.rand(1, generator=self.generator).item()


def test_all_state_is_put_back():
    holder = Holder()
    buffer = holder.total
    state = ProgramState([holder])
    first = holder()
    assert Holder.shared == 2
    changed = {each.name for each in state.changed()}
    assert {"total", "extra", "first", "CALLS"} <= changed
    state.restore()
    assert holder.total is buffer
    assert torch.equal(buffer, torch.zeros(3))
    assert holder.seen == {"first": [1]}
    assert not hasattr(holder, "extra")
    assert holder.table.tolist() == [0, 0]
    assert Holder.shared == 1
    assert CALLS == []
    assert holder() == first
    state.restore()


def test_generators_are_put_back():
    state = ProgramState([])
    drawn = random.random(), np.random.rand(), torch.rand(1)
    state.restore()
    assert (random.random(), np.random.rand(), torch.rand(1)) == drawn


def test_what_cannot_be_copied_is_told():
    state = ProgramState([{"held": (each for each in range(3))}])
    assert len(state.uncopied) == 1


class Scripted(nn.Module):
    def __init__(self):
        super().__init__()
        self.calls = 0
        self.register_buffer("total", torch.zeros(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        self.total += x
        return self.total * self.calls


def test_what_torch_scripted_is_put_back() -> None:
    scripted = torch.jit.script(Scripted())
    total = scripted.total
    state = ProgramState([scripted])
    expected = scripted(torch.ones(2)).clone()
    scripted.train(False)
    assert not torch.equal(scripted(torch.ones(2)), expected)
    state.restore()
    assert scripted.training
    assert scripted.calls == 0
    assert scripted.total is total
    assert torch.equal(scripted(torch.ones(2)), expected)
