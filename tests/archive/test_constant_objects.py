"""Archives of frozen modules hold objects of script classes among their constants."""

import pytest
import torch
from torch import nn

import jitcore
from jitcore.archive import open_archive
from jitcore.ir import Function
from jitcore.printing import code_text


class Counter:
    def __init__(self, n: int):
        self.n = n

    def following(self) -> int:
        return self.n + 1


class Pair:
    def __init__(self, counter: Counter, values: list[int]):
        self.counter = counter
        self.values = values


class Changes(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.counter = Counter(2)
        self.pair = Pair(Counter(3), [1, 2])

    def forward(self, i: int):
        self.counter.n += 1
        self.pair.values.append(i)
        return self.counter.following() + self.pair.counter.following(), self.pair.values, self.counter.n


class Gives(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.counter = Counter(2)

    def forward(self, i: int):
        return self.counter.following() if self.counter is not None else i


@pytest.mark.parametrize("kind", [Changes, Gives])
def test_constant_objects(kind, tmp_path):
    path = str(tmp_path / "frozen.pt")
    torch.jit.freeze(torch.jit.script(kind().eval())).save(path)
    theirs, ours = torch.jit.load(path), jitcore.load(path)
    forward = open_archive(path).root.type.methods["forward"]
    assert isinstance(forward, Function)
    assert code_text(forward) == theirs.code == ours.code
    for _ in range(2):
        assert ours(5) == theirs(5)
    ours.save(str(tmp_path / "again.pt"))
    assert torch.jit.load(str(tmp_path / "again.pt")).code == theirs.code
