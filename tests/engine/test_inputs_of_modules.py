"""A module that is looked at by itself is proposed what it was given when the whole was run."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from jitviewer.protocol import events, requests
from tests.engine.engine_process import EngineProcess


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.enter = nn.Linear(6, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.enter(x)) + 1


class Pair(nn.Module):
    def forward(self, one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        return one * other


class Whole(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(50, 6)
        self.block = Block()
        self.pair = Pair()

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        seen = self.words(tokens)
        return self.pair(self.block(seen), self.block(seen * 2))


def proposed(engine: EngineProcess, path: str) -> dict[str, str]:
    shown = engine.views(requests.ShowMethod(1, path, "forward"))[events.MethodShown]
    return {row.name: row.spec for row in shown.inputs}


def test_modules_are_proposed_what_they_were_given(engine: EngineProcess, tmp_path: Path) -> None:
    file = tmp_path / "whole.pt"
    torch.jit.script(Whole()).save(str(file))
    engine.open(file)
    before = proposed(engine, "block.enter")
    proposed(engine, "")
    engine.send(requests.Run(1, ["int64[3,7]:0..50"], "cpu", 1, 0, 0))
    done = engine.until(events.RunDone, events.RunStopped)[-1]
    assert isinstance(done, events.RunDone), done
    assert before == {"input": "float32[1,6]"}
    assert proposed(engine, "words") == {"input": "int64[3,7]:0..50"}
    assert proposed(engine, "block") == {"x": "float32[3,7,6]"}
    # Of a module with two tensors it is not known which is which.
    assert proposed(engine, "pair") == {"one": "float32[4,4]", "other": "float32[4,4]"}
    # Nobody gives up what the form says of a method that was not run.
    assert proposed(engine, "") == {"tokens": "int64[1,16]:0..50"}


def test_a_module_deep_inside_is_found(engine: EngineProcess, tmp_path: Path) -> None:
    file = tmp_path / "deep.pt"
    torch.jit.script(nn.Sequential(Block(), nn.Sequential(nn.Linear(4, 6), Block()))).save(str(file))
    engine.open(file)
    engine.send(requests.Run(1, ["float32[2,5,6]"], "cpu", 1, 0, 0))
    assert isinstance(engine.until(events.RunDone, events.RunStopped)[-1], events.RunDone)
    assert proposed(engine, "1") == {"input": "float32[2,5,4]"}
    assert proposed(engine, "1.1") == {"x": "float32[2,5,6]"}
    assert proposed(engine, "1.1.enter") == {"input": "float32[2,5,6]"}
