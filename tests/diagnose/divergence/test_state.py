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


class Stubborn:
    """Answers nothing that it is asked."""

    __slots__ = ("empty", "held")

    def __init__(self):
        self.held = [1]

    def __getattr__(self, name):
        raise RuntimeError(f"{name} is none of anybody's business")


def test_objects_that_raise_when_they_are_asked_are_left_alone() -> None:
    stubborn = Stubborn()
    holder = {"kept": stubborn, "numbers": itertools.count()}
    state = ProgramState([holder])
    next(holder["numbers"])
    stubborn.held.append(2)
    state.restore()
    assert next(holder["numbers"]) == 0
    assert stubborn.held == [1]


class Toggled:
    on = False


def toggling():
    on = False

    def toggle():
        nonlocal on
        on = not on
        Toggled.on = on
        return on

    return toggle


def test_variables_of_closures_and_classes_are_told_and_put_back_alone():
    toggle = toggling()
    state = ProgramState([toggle, Toggled])
    assert toggle()
    changes = {change.name: change for change in state.changed()}
    assert changes.keys() == {"on"}
    assert len(state.changed()) == 2
    for change in state.changed():
        change.undo()
    assert not state.changed()
    assert not Toggled.on
    assert toggle()
    state.restore()
    assert not Toggled.on


def test_a_buffer_that_got_a_history_has_none_afterwards():
    holder = Holder()
    state = ProgramState([holder])
    holder.total.add_(torch.ones(3, requires_grad=True))
    assert not holder.total.is_leaf
    state.restore()
    assert holder.total.is_leaf
    assert not holder.total.requires_grad
    assert holder.total.tolist() == [0.0, 0.0, 0.0]


class Scripted(nn.Module):
    def __init__(self):
        super().__init__()
        self.calls = 0
        self.register_buffer("total", torch.zeros(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        self.total += x
        return self.total * self.calls


class ScriptedLine(nn.Module):
    def __init__(self):
        super().__init__()
        self.line = [torch.zeros(3), torch.zeros(3)]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.line = [self.line[1], x]
        return self.line[0]


def test_a_list_of_tensors_that_torch_scripted_is_put_back() -> None:
    scripted = torch.jit.script(ScriptedLine())
    state = ProgramState([scripted])
    scripted(torch.ones(3))
    assert scripted(torch.ones(3)).sum() == 3
    state.restore()
    assert scripted(torch.ones(3)).sum() == 0


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
